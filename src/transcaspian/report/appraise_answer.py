"""This module owns the plain answer of an appraisal: sentences in two languages, made of nothing but its results."""

from collections.abc import Iterator, Sequence

from transcaspian.report.appraise_words import MONTHS, called, direction, drawn, namer, said
from transcaspian.report.numbers import Language, number
from transcaspian.results.appraisal import (
    TOGETHER,
    Appraisal,
    BindingResult,
    CauseResult,
    FaceResult,
    LineResult,
    ProjectResult,
    SectionResult,
    SpreadResult,
)

CENT = 0.005
"""Euros below which a load is as well off as it was."""

LITTLE = 50.0
"""Tonnes a year below which no more is said to move."""

WORTH = 5e4
"""Euros of present value below which what a project gives is called nothing."""

MUCH = 0.2
"""Share of runs in which a limit binds, or binds more often than without, that is worth a word."""

TIGHTEST = 3
"""Limits that are named among those that bind."""


def money(value: float, language: Language = "en") -> str:
    """Return EUR in millions as a sentence says it.

    >>> money(1234567.0), money(-30550000.0), money(-0.0)
    ('1.2', '-30.6', '0.0')
    """
    return number(value / 1e6, ",.1f", language)


def _percent(share: float, language: Language, form: str = ",.0f") -> str:
    return f"{number(100 * share, form, language)} %"


def sentences(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give the plain answer, sentence by sentence, made of nothing but the results.

    First what the money buys and for whom, then roads, what binds, how sure it is, and what is assumed.
    """
    for project in answer.projects:
        if project.npv is not None:
            yield _verdict(answer, project, language)
            yield from _bought(answer, project, language)
            yield from _trains(project, language)
            yield from _owned(project, language)
        elif project.affordable is not None:
            yield _affordable(answer, project, language)
    yield from (_face(face, answer, language) for face in answer.faces)
    yield from _extremes(answer.together or next((p for p in answer.projects if p.examples), None), answer, language)
    yield from _roads(answer, language)
    yield from _binds(answer, language)
    yield from _next(answer, language)
    yield _unsure(answer, language)
    yield from _decides(answer, language)
    yield _assumed(answer, language)


def _spread(answer: Appraisal, id_: str) -> SpreadResult | None:
    """Return what draws say of a project, where there are any."""
    return next((s for s in answer.risk.spreads if s.id == id_), None) if answer.risk else None


def _verdict(answer: Appraisal, project: ProjectResult, language: Language) -> str:
    """Return whether a project pays: by the median of the draws where there are any, and by the run as announced."""
    value, sure = project.npv or 0.0, project.npv_reliable or 0.0
    spread = _spread(answer, project.id)
    pays = (value if spread is None else spread.p50) >= 0
    rate = _percent(answer.rate, language, "g")
    announced, reliable = money(value, language), money(sure, language)
    if language == "en":
        verdict = "pays for itself" if pays else "does not pay for itself"
        middle = "" if spread is None else f"in the median of {spread.draws} draws EUR {money(spread.p50)} m; "
        return (
            f"{project.name}: in this model it {verdict} at {rate}: net present value {middle}with cost, date and "
            f"effect as announced EUR {announced} m, EUR {reliable} m with what reliability is worth."
            + _lacking(project, language)
        )
    verdict = "окупается" if pays else "не окупается"
    middle = "" if spread is None else f"медиана (розыгрышей: {spread.draws}) {money(spread.p50, 'ru')} млн евро; "
    return (
        f"{project.name_ru}: в этой модели {verdict} при {rate}; ЧПС: {middle}при объявленных стоимости, сроке и "
        f"эффекте {announced} млн евро, с учётом надёжности {reliable} млн." + _lacking(project, language)
    )


def _lacking(project: ProjectResult, language: Language) -> str:
    """Return what a project that does not pay would have to give more, as the end of a sentence; else nothing."""
    if project.lacks is None:
        return ""
    more = money(project.lacks, language)
    return (
        f" To pay as announced it would have to give EUR {more} m a year more, from {project.opens} on."
        if language == "en"
        else f" Чтобы окупиться по объявленному, с {project.opens} года нужно ещё {more} млн евро выгоды в год."
    )


def _affordable(answer: Appraisal, project: ProjectResult, language: Language) -> str:
    """Return what a project without a known cost may cost at most."""
    value, rate = project.affordable or 0.0, _percent(answer.rate, language, "g")
    worth, some = money(value, language), value >= WORTH
    if language == "en":
        pays = f"it pays if that is less than EUR {worth} m" if some else "it pays at no cost"
        return (
            f"{project.name}: the cost is not published. The present value of what comes of it from {project.opens} on "
            f"is EUR {worth} m at {rate}: {pays}."
        )
    pays = f"окупается, если стоит меньше {worth} млн" if some else "не окупается ни при какой стоимости"
    return (
        f"{project.name_ru}: стоимость не опубликована. Приведённая стоимость пользы с {project.opens} года — {worth} "
        f"млн евро при {rate}: {pays}."
    )


def _trains(project: ProjectResult, language: Language) -> Iterator[str]:
    """Give the trains of others that a railway was judged with, and how many of them would make it pay."""
    trains = project.trains
    if trains is None:
        return
    pairs, low, high = (number(v, "g", language) for v in (trains.pairs, trains.low, trains.high))
    even = None if trains.break_even is None else number(trains.break_even, ",.0f", language)
    worth = money(next(line.value for line in project.lines if line.name == "other trains"), language)
    if language == "en":
        known = "counted" if trains.counted else "assumed and none are counted"
        pays = "" if even is None else f"; with {even} it would pay as announced, if they found room"
        yield (
            f"Trains of others on it: {pairs} pairs a day ({low} to {high}) are {known}, worth EUR {worth} m of the "
            f"net present value{pays}."
        )
    else:
        known = "по подсчёту" if trains.counted else "принято, подсчёта нет"
        pays = "" if even is None else f"; при {even} он окупился бы по объявленному, если бы им хватило места"
        yield f"Чужие поезда на нём: пар в сутки {pairs} (от {low} до {high}), {known}; это {worth} млн евро{pays}."


def _bought(answer: Appraisal, project: ProjectResult, language: Language) -> Iterator[str]:
    """Give what the money buys in the last year worked out, and which measure brings most of it."""
    if not project.anchors:
        return
    last = project.anchors[-1]
    given = [x.amount for x in project.legs]
    whole = all(x.currency == "EUR" for x in project.legs) and given and None not in given
    cost = money(sum(v for v in given if v is not None), language)
    # Reliability stands apart in this sentence too, so that the part is one of what was said before.
    measures = {m.measure: m.users + m.operators for m in answer.measures if m.project == project.id}
    most = max((m for m in measures if m != TOGETHER), key=lambda m: measures[m], default=None)
    more, carbon = number(last.tonnes / 1000, ",.0f", language), number(last.carbon_net, "+,.0f", language)
    users, operators = money(last.users, language), money(last.operators, language)
    if language == "en":
        yield (
            f"What {f'EUR {cost} m buy' if whole else 'it gives'} in {last.year}: {more} kt more move, users gain EUR "
            f"{users} m a year and operators EUR {operators} m; emissions change by {carbon} t CO2e."
            + (f" The largest part comes from {said(most, 'en')}: EUR {money(measures[most])} m alone." if most else "")
        )
    else:
        yield (
            f"Что {f'дают {cost} млн евро' if whole else 'это даёт'} в {last.year} году: перевезено больше на {more} "
            f"тыс. т, пользователи получают {users} млн евро в год, операторы {operators} млн; выбросы меняются на "
            f"{carbon} т CO2e."
            + (
                f" Больше всего даёт мера «{said(most, 'ru')}»: одна она {money(measures[most], 'ru')} млн."
                if most
                else ""
            )
        )


def _owned(project: ProjectResult, language: Language) -> Iterator[str]:
    """Give what the investment is worth to its owner, where the model knows what he earns by it."""
    owner = project.finance
    if owner is None or owner.fnpv_c is None:
        return
    worth, rate = money(owner.fnpv_c, language), _percent(owner.rate, language, "g")
    found = (
        f"To its owner ({owner.operator}) the investment is worth EUR {worth} m at a financial rate of {rate}."
        if language == "en"
        else f"Для владельца ({owner.operator_ru}) вложение стоит {worth} млн евро при финансовой ставке {rate}."
    )
    if owner.cover_least is not None and owner.cover_mean is not None:
        mean, least = (number(v, ".2f", language) for v in (owner.cover_mean, owner.cover_least))
        found += (
            f" Cover of its debt service by the project alone (DSCR): {mean} in the mean and {least} in the worst "
            f"year, {owner.cover_year}; below 1 the rest must come from elsewhere."
            if language == "en"
            else f" Покрытие обслуживания долга самим проектом (DSCR): {mean} в среднем и {least} в худшем, "
            f"{owner.cover_year} году; ниже 1 остальное должно прийти извне."
        )
    yield found


def _face(face: FaceResult, answer: Appraisal, language: Language) -> str:
    """Return what changes for cargo of a kind from a country, in the mean."""
    name, kind = namer(answer, language)(face.country), said(face.form, language)
    users, sure = face.users * face.load, face.reliability * face.load
    total, moves = users + sure, abs(face.more) >= LITTLE
    gain = number(abs(total), ",.2f", language)
    parts = [number(v, "+,.2f", language) for v in (users, sure)]
    more, tonnes = number(face.more / 1000, "+,.1f", language), number(face.tonnes / 1000, ",.0f", language)
    way = "more" if face.more >= 0 else "less"
    if language == "en":
        verb = "is better off by" if total >= 0 else "is worse off by"
        verb = f"{verb} EUR {gain}" if abs(total) >= CENT else "is as well off as without"
        return (
            f"A {kind} from {name} {verb} in the mean of {face.year} (price, time and queues EUR "
            f"{parts[0]}, reliability EUR {parts[1]}); "
            + (f"{more.lstrip('+-')} of {tonnes} kt {way} move." if moves else "no more of it moves.")
        )
    verb = f"в выигрыше на {gain} евро" if total >= 0 else f"в проигрыше на {gain} евро"
    verb = verb if abs(total) >= CENT else "без выигрыша и проигрыша"
    return (
        f"{kind.capitalize()}, {name}: {verb} в среднем за {face.year} год (цена, время и очереди "
        f"{parts[0]}, надёжность {parts[1]}); "
        + (f"перевозки {more} из {tonnes} тыс. т." if moves else "перевозки те же.")
    )


def _extremes(project: ProjectResult | None, answer: Appraisal, language: Language) -> Iterator[str]:
    """Give the demand that gains most and the one that loses most by all projects together, where there are such."""
    if project is None or not project.examples:
        return
    named, year = namer(answer, language), project.anchors[-1].year
    best = max(project.examples, key=lambda e: e.gain)
    worst = min(project.examples, key=lambda e: e.gain)
    gain, loss = number(best.per_tonne, ",.2f", language), number(-worst.per_tonne, ",.2f", language)
    if best.gain > 0:
        what = f"{named(best.commodity).lower()} ({named(best.demand)})"
        yield (
            f"Most is gained by {what}: EUR {gain} a tonne in {year}."
            if language == "en"
            else f"Больше всех выигрывает груз «{what}»: {gain} евро с тонны в {year} году."
        )
    if worst.gain < 0:
        what = f"{named(worst.commodity).lower()} ({named(worst.demand)})"
        yield (
            f"Most is lost by {what}, which queues with what has come: EUR {loss} a tonne."
            if language == "en"
            else f"Больше всех теряет груз «{what}» в очереди с пришедшим грузом: {loss} евро с тонны."
        )


# --- roads ------------------------------------------------------------------------------------------------------------


def _roads(answer: Appraisal, language: Language) -> Iterator[str]:
    for announced in dict.fromkeys(s.announced for s in answer.sections if s.announced):
        sum_ = number(announced / 1e6, ",.0f", language)
        yield (
            f"No net present value is given for the EUR {sum_} m of highways: no section is named. Ask the ministry: "
            "which section, which share of its cost, what count of vehicles by class, what roughness."
            if language == "en"
            else f"Для {sum_} млн евро на автодороги ЧПС не даётся: участок не назван. Спросите министерство: какой "
            "участок, какая доля стоимости, интенсивность по классам, ровность."
        )
    for s in answer.sections:
        even = next(b.aadt for b in s.break_even if b.rate == answer.rate and b.cost == 1.0)
        rate, cost = _percent(answer.rate, language, "g"), number(s.cost / 1e6, ",.0f", language)
        traffic = traffic_words(s, language)
        if language == "en":
            pays = (
                f"pays from {number(even, ',.0f', 'en')} vehicles a day"
                if even is not None
                else "pays at no traffic looked at"
            )
            yield f"{s.name}: built whole for EUR {cost} m it {pays} at {rate}; {traffic}."
        else:
            pays = (
                f"окупается от {number(even, ',.0f', 'ru')} автомобилей в сутки" if even is not None else "не окупается"
            )
            yield f"{s.name_ru}: целиком за {cost} млн евро {pays} при {rate}; {traffic}."


def traffic_words(section: SectionResult, language: Language) -> str:
    """Return the traffic of a section as a sentence says it: counted or assumed, and between what."""
    aadt, low, high = (number(v, ",.0f", language) for v in (section.aadt, section.aadt_low, section.aadt_high))
    if language == "en":
        between = f" ({low} to {high})" if low != high else ""
        if section.counted >= section.aadt:
            return f"{aadt}{between} are counted"
        none = (
            "none are counted"
            if not section.counted
            else f"{number(section.counted, ',.0f', 'en')} of them are counted"
        )
        return f"{aadt}{between} are assumed and {none}"
    between = f" (от {low} до {high})" if low != high else ""
    if section.counted >= section.aadt:
        return f"по подсчёту {aadt}{between}"
    none = "подсчёта нет" if not section.counted else f"из них подсчитано {number(section.counted, ',.0f', 'ru')}"
    return f"принято {aadt}{between}, {none}"


# --- what binds -------------------------------------------------------------------------------------------------------


def _binds(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give what is tightest with the projects in the last year worked out, and what binds only by them, by month."""
    last = answer.anchor_years[-1]
    after = [b for b in answer.binding if b.case == "with" and b.year == last]
    before = {b.limit: b.months for b in answer.binding if b.case == "without" and b.year == last}
    if not after:
        return
    by_name: dict[str, BindingResult] = {}
    for row in sorted(after, key=lambda b: (-sum(b.months), b.limit)):
        by_name.setdefault(row.name, row)
    tight = [_bound(row, row.months, answer, language) for row in list(by_name.values())[:TIGHTEST]]
    others = sum(max(row.months) >= MUCH for row in by_name.values()) - len(tight)
    tight += [said("others_bind", language, count=others)] if others > 0 else []
    nothing = (0.0,) * len(after[0].months)
    new = []
    for row in after:
        rises = [m if m > b + MUCH else 0.0 for m, b in zip(row.months, before.get(row.limit, nothing), strict=True)]
        new += [_bound(row, rises, answer, language)] if any(rises) else []
    runs = said("in_runs" if drawn(answer) else "in_one_run", language)
    more = said("newly", language) + "; ".join(new) if new else said("nothing_new", language)
    yield said("binds_next", language, year=last, runs=runs) + f"{'; '.join(tight)}. {more}."


def _bound(row: BindingResult, months: Sequence[float], answer: Appraisal, language: Language) -> str:
    """Return a limit with its chance by month: one span where it binds all year, else month by month."""
    name = namer(answer, language)(row.name) + direction(row.limit, answer, language)
    every = "every month" if language == "en" else "каждый месяц"
    if not drawn(answer):
        held = [MONTHS[n][language == "ru"] for n, m in enumerate(months) if m > 0]
        return f"{name}, {every if len(held) == len(months) else ', '.join(held)}"
    if min(months) > 0:
        low, high = (number(100 * m, ".0f", language) for m in (min(months), max(months)))
        return f"{name}, {every} {low if low == high else f'{low}–{high}'}"
    chances = (
        f"{MONTHS[n][language == 'ru']} {number(100 * m, '.0f', language)}" for n, m in enumerate(months) if m > 0
    )
    return f"{name}, {', '.join(chances)}"


# --- what could come next ---------------------------------------------------------------------------------------------


def _next(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give the best of the projects that were set beside one another, of those with a cost and of those without."""
    folio = answer.portfolio
    if folio is None:
        return
    best = max(folio.places, key=lambda p: p.alone)
    worth, pays = money(best.alone, language), best.alone > 0
    most = max((p for p in folio.unpriced if p.value >= WORTH), key=lambda p: p.value, default=None)
    free = None if most is None else money(most.value, language)
    if language == "en":
        priced = f"{best.name} is worth most (EUR {worth} m alone)" if pays else "none pays alone"
        found = f"What could come next: of the {len(folio.places)} projects of the package with a known cost {priced}"
        if most is not None:
            found += (
                f"; of those without one, with its effect as announced, most comes of {most.name}, which may cost up "
                f"to EUR {free} m in present value"
            )
        yield f"{found}. More is in the table of the portfolio."
        return
    priced = (
        f"больше всего даёт «{best.name_ru}» ({worth} млн евро отдельно)" if pays else "отдельно не окупается ни один"
    )
    found = f"Что могло бы быть следующим: из проектов пакета с известной стоимостью ({len(folio.places)}) {priced}"
    if most is not None:
        found += (
            f"; из прочих больше всего пользы, если эффект таков, как объявлено, от «{most.name_ru}»: стоить может до "
            f"{free} млн евро (приведённых)"
        )
    yield f"{found}. Подробнее — в таблице портфеля."


# --- how sure ---------------------------------------------------------------------------------------------------------


def _unsure(answer: Appraisal, language: Language) -> str:
    """Return how sure the answer is: from draws where there are any, else what the one run stands for."""
    if answer.risk is None or not answer.risk.spreads:
        return _announced(answer, language)
    first = answer.risk.spreads[0]
    if first.p5 is None or first.p95 is None or first.positive is None:
        return (
            f"How sure: {first.draws} draws are too few to say; --draws 200 says how far it spreads."
            if language == "en"
            else f"Насколько надёжно: розыгрышей мало ({first.draws}); разброс покажет --draws 200."
        )
    project = next((p for p in (*answer.projects, answer.together) if p is not None and p.id == first.id), None)
    announced = (project.npv if project else None) or 0.0
    middle, low, high = (money(v, language) for v in (first.p50, first.p5, first.p95))
    off, above = money(abs(first.p50 - announced), language), _percent(first.positive, language)
    title = _first_of(answer, language)
    if language == "en":
        side = "below" if first.p50 < announced else "above"
        return (
            f"How sure{title}: over {first.draws} draws the median (P50) of the net present value is EUR {middle} m, "
            f"EUR {off} m {side} the run as announced; it lies from EUR {low} m to {high} m (P5 to P95), above zero "
            f"in {above} of them."
        )
    side = "ниже" if first.p50 < announced else "выше"
    return (
        f"Насколько надёжно{title}: медиана (P50) ЧПС {middle} млн евро (розыгрышей: {first.draws}), на {off} млн "
        f"{side} прогона по объявленному; от {low} до {high} млн евро (P5–P95), выше нуля в {above} розыгрышей."
    )


def _announced(answer: Appraisal, language: Language) -> str:
    """Return what the one run holds, and where cost, date and effect are likelier to come out."""
    at = {middle.name: middle.value for middle in answer.likely}
    scale = {"overrun-port": 100.0, "delay": 1.0, "effect": 100.0}
    likely = [said(f"likely_{key}", language, value=by * at[key]) for key, by in scale.items() if key in at]
    tail = f" ({said('likely', language)}: {', '.join(likely)})" if likely else ""
    return (
        f"How sure: one run with cost, date and effect as announced{tail}; --draws 200 says how far it spreads."
        if language == "en"
        else f"Насколько надёжно: один прогон с объявленными стоимостью, сроком и эффектом{tail}; разброс покажет "
        f"--draws 200."
    )


def _first_of(answer: Appraisal, language: Language) -> str:
    """Return the name of the first project that was drawn, in brackets, where it is not the only one."""
    spreads = answer.risk.spreads if answer.risk else ()
    names = [called(p, language) for p in answer.projects if len(spreads) > 1 and p.id == spreads[0].id]
    return f" ({names[0]})" if names else ""


def _decides(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give the fact that spreads the answer most: by its first Sobol index, or by rank where draws are few."""
    causes = answer.risk.causes if answer.risk else ()
    if not causes:
        return
    title = _first_of(answer, language)
    most = max(causes, key=lambda c: (c.first or 0.0, abs(c.rank)))
    if not most.first:
        rank = number(max(causes, key=_rank).rank, "+.2f", language)
        name = said(max(causes, key=_rank).words, language)
        yield (
            f"What would change the answer{title} most: {name} (rank correlation with the net present value {rank})."
            if language == "en"
            else f"Что сильнее всего изменило бы ответ{title}: {name} (ранговая корреляция с ЧПС {rank})."
        )
        return
    share, low, high = (_percent(v or 0.0, language) for v in (most.first, most.first_low, most.first_high))
    # Where the next is inside the interval of the first, the draws do not say which of them it is.
    near = [c for c in causes if c is not most and (c.first or 0.0) >= (most.first_low or 0.0)]
    others = ", ".join(f"{said(c.words, language)} {_percent(c.first or 0.0, language)}" for c in near)
    yield (
        f"What would change the answer{title} most: {said(most.words, 'en')}; alone it makes {share} of the spread "
        f"(first Sobol index, {low} to {high})" + (f"; as much may come of {others}." if others else ".")
        if language == "en"
        else f"Что сильнее всего изменило бы ответ{title}: {said(most.words, 'ru')}; одно это даёт {share} разброса "
        f"(первый индекс Соболя, от {low} до {high})" + (f"; столько же могут давать: {others}." if others else ".")
    )


def _rank(cause: CauseResult) -> float:
    return abs(cause.rank)


def _assumed(answer: Appraisal, language: Language) -> str:
    """Return how much is assumed, and which line of each cash flow would have to change least for another verdict."""
    count = len(answer.assumptions)
    found = (
        f"What is assumed: {count} values of the appraisal itself that nobody published, listed with unit, range and "
        "reason; those of the network behind it are in `data coverage`."
        if language == "en"
        else f"Что принято в самой оценке без публикаций, с единицей, диапазоном и основанием, величин: {count}; "
        "принятое в сети под ней — в `data coverage`."
    )
    for project in answer.projects:
        lines = [line for line in project.lines if line.switching is not None]
        if project.npv is not None and lines:
            nearest = min(lines, key=lambda line: abs(line.switching or 0.0))
            change, name = _percent(nearest.switching or 0.0, language, "+,.0f"), said(nearest.name, language)
            several = sum(p.npv is not None for p in answer.projects) > 1
            title = f" ({called(project, language)})" if several else ""
            reach = _reach(nearest, language)
            found += (
                f" The verdict as announced{title} turns first if {name} changes by {change}, {reach}."
                if language == "en"
                else f" Вывод по объявленному{title} меняется раньше всего, если изменить строку «{name}» на "
                f"{change}: {reach}."
            )
    return found


def _reach(line: LineResult, language: Language) -> str:
    """Return whether the value of a line at which the verdict turns lies within the range that is known of it."""
    if line.low is None or line.high is None or line.switching is None:
        return said("reach_unknown", language)
    inside = line.low <= line.switching <= line.high
    ends = (_percent(v, language, "+,.0f") for v in (line.low, line.high))
    return said(
        "reachable" if inside else "unreachable", language, range=(" to " if language == "en" else "…").join(ends)
    )
