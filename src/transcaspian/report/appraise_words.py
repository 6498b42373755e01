"""This module owns the words of an appraisal in two languages, and the plain answer made of its results."""

from collections.abc import Iterator
from typing import Literal

from transcaspian.results.appraisal import Appraisal, ExampleResult, ProjectResult

Language = Literal["en", "ru"]

WORDS: dict[str, tuple[str, str]] = {
    "rate": ("rate", "ставка"),
    "none": ("none", "нет"),
    "never": ("never", "никогда"),
    "yes": ("yes", "да"),
    "no": ("no", "нет"),
    "project": ("project", "проект"),
    "kind": ("kind", "вид"),
    "status": ("status", "стадия"),
    "hard": ("works", "стройка"),
    "soft": ("rules", "правила"),
    "announced": ("announced", "объявлено"),
    "letter-of-intent": ("letter of intent", "письмо о намерениях"),
    "mou": ("memorandum", "меморандум"),
    "appraisal": ("in appraisal", "оценивается"),
    "approved": ("approved", "одобрено"),
    "signed": ("signed", "подписано"),
    "under-works": ("under way", "строится"),
    "done": ("in service", "работает"),
    "npv": ("NPV, EUR m", "ЧПС, млн евро"),
    "npv_reliable": ("with reliability", "с надёжностью"),
    "eirr": ("EIRR", "ЭВНД"),
    "bcr": ("BCR", "выгоды/затраты"),
    "payback": ("years to pay back", "лет до окупаемости"),
    "pv": ("present value, EUR m", "приведённая стоимость, млн евро"),
    "switching": ("switching value", "порог смены знака"),
    "apart": ("apart", "отдельно"),
    "capital": ("capital", "капитальные затраты"),
    "operation": ("operation and upkeep", "эксплуатация и содержание"),
    "residual value": ("residual value", "остаточная стоимость"),
    "users": ("users", "пользователи"),
    "operators": ("operators", "операторы"),
    "emissions": ("emissions", "выбросы"),
    "reliability": ("reliability", "надёжность"),
    "works": ("works", "строительство"),
    "maintenance": ("maintenance", "содержание"),
    "time": ("time", "время"),
    "operating": ("vehicle operating cost", "эксплуатация автомобилей"),
    "accidents": ("accidents", "аварии"),
    "fuel": ("fuel", "топливо"),
    "greenhouse": ("greenhouse gases", "парниковые газы"),
    "pollution": ("pollution", "загрязнение"),
    "year": ("year", "год"),
    "carbon_net": ("CO2e net, t", "CO2e нетто, т"),
    "carbon_gross": ("CO2e gross, t", "CO2e брутто, т"),
    "kt": ("moved more, kt", "перевезено больше, тыс. т"),
    "rule": ("by", "метод"),
    "rule of half": ("rule of half", "правило половины"),
    "integration": ("integration", "интегрирование"),
    "gap": ("gap", "невязка"),
    "by_actor": ("who gains, who pays", "кто выигрывает, кто платит"),
    "by_country": ("country", "страна"),
    "perspectives": ("seen from", "с точки зрения"),
    "shippers and receivers": ("shippers and receivers", "грузовладельцы"),
    "carriers and terminals": ("carriers and terminals", "перевозчики и терминалы"),
    "owner of the project, before grants": ("owner of the project", "владелец проекта"),
    "taxpayers abroad (grants)": ("taxpayers abroad (grants)", "зарубежные налогоплательщики (гранты)"),
    "everybody (emissions)": ("everybody (emissions)", "все (выбросы)"),
    "world": ("world", "мир"),
    "elsewhere": ("elsewhere", "прочие"),
    "taxpayers-eu": ("taxpayers of the EU", "налогоплательщики ЕС"),
    "break_even": ("break-even AADT of today", "порог окупаемости, автомобилей в сутки сегодня"),
    "cost": ("cost", "стоимость"),
    "ladder": ("TEU a year both ways", "ДФЭ в год в обе стороны"),
    "part": (
        "; the EUR {announced:,.0f} m announced are {part:.0f} % of it",
        "; объявленные {announced:,.0f} млн евро — это {part:.0f} % её",
    ),
    "binds": ("what holds cargo back, % of runs by month", "что задерживает груз, % прогонов по месяцам"),
    "binds_note": (
        "100 means in every run; with one run it is yes or no",
        "100 значит в каждом прогоне; при одном прогоне это да или нет",
    ),
    "minimum": ("The case without", "Базовый случай (без проекта)"),
    "spread": ("NPV over {draws} draws, EUR m", "ЧПС по {draws} розыгрышам, млн евро"),
    "cause": ("what makes the spread", "что создаёт разброс"),
    "sobol_first": ("Sobol first", "Соболь, первый"),
    "sobol_total": ("total", "полный"),
    "rank": ("rank correlation", "ранговая корреляция"),
    "surrogate": (
        "The indices are of a surrogate whose error on NPV is {error:.1f} % of the P5-P95 width, on runs it did not see",
        "Индексы посчитаны по суррогату; его ошибка ЧПС {error:.1f} % ширины P5-P95 на не виденных им прогонах",
    ),
    "untrusted": (
        "Sobol indices are not shown: the surrogate misses NPV by {error:.0f} % of the P5-P95 width on runs it did not see",
        "Индексы Соболя не показаны: суррогат ошибается в ЧПС на {error:.0f} % ширины P5-P95 на не виденных им прогонах",
    ),
    "unsettled": (
        "{count} draws did not settle and are left out: differences in them mean nothing",
        "{count} розыгрышей не сошлись и исключены: разности в них ничего не значат",
    ),
    "cost overrun": ("cost overrun", "превышение стоимости"),
    "delay of opening": ("delay of opening", "задержка ввода"),
    "demand against forecast": ("demand against forecast", "спрос против прогноза"),
    "worth of time": ("worth of time", "стоимость времени"),
    "room at sea": ("room at sea", "провозная способность на море"),
    "traffic of others": ("traffic of others", "чужое движение"),
    "promise that comes true": ("promise that comes true", "сбывшаяся часть обещания"),
    "price of carbon": ("price of carbon", "цена углерода"),
    "item_binds": ("1. What binds, by month", "1. Что ограничивает, по месяцам"),
    "item_ladder": ("2. The port, from announced to realised", "2. Порт: от объявленного к реальному"),
    "item_break_even": (
        "3. Roads: the traffic at which they pay",
        "3. Дороги: интенсивность, при которой они окупаются",
    ),
    "item_cash": ("4. Economic cash flow and financing", "4. Экономический поток и финансирование"),
    "item_who": ("5. Who gains and who pays, EUR m", "5. Кто выигрывает и кто платит, млн евро"),
    "item_time": ("6. Door to door: P50 to P90, days", "6. От двери до двери: P50–P90, дни"),
    "item_landed": ("7. Landed cost by route", "7. Полная стоимость доставки по маршрутам"),
    "item_counts": ("8. Volume on every published basis", "8. Объём по каждой опубликованной базе"),
    "item_portfolio": ("9. Portfolio", "9. Портфель"),
    "item_assumptions": ("10. Decisive assumptions and worst misses", "10. Решающие допущения и худшие расхождения"),
    "times_note": (
        "The bar ends at the median, the thin line at the ninetieth percentile; the table says what the time of the first way is made of",
        "Полоса до медианы, тонкая линия до 90-го перцентиля; таблица: из чего состоит время первого пути",
    ),
    "shipment": ("shipment", "отправка"),
    "way": ("way", "маршрут"),
    "case": ("case", "случай"),
    "without": ("without", "без проекта"),
    "with": ("with", "с проектом"),
    "price": ("price, EUR", "цена, евро"),
    "landed": ("with time and insurance, EUR", "с временем и страховкой, евро"),
    "assumed": ("assumed", "принято"),
    "t_co2e": ("t CO2e", "т CO2e"),
    "series": ("series", "ряд"),
    "period": ("period", "период"),
    "published": ("published", "опубликовано"),
    "model": ("model", "модель"),
    "differs": ("differs", "разница"),
    "unit": ("unit", "единица"),
    "role": ("role", "роль"),
    "misses": ("Worst misses of the model", "Худшие расхождения модели"),
    "value": ("value", "значение"),
    "low": ("low", "низ"),
    "high": ("high", "верх"),
    "financier": ("financier", "финансирует"),
    "instrument": ("instrument", "инструмент"),
    "amount": ("amount, m", "сумма, млн"),
    "currency": ("currency", "валюта"),
    "not_published": ("not published", "не опубликовано"),
    "loan": ("loan", "заём"),
    "grant": ("grant", "грант"),
    "budget": ("budget", "бюджет"),
    "equity": ("equity", "капитал"),
    "guarantee": ("guarantee", "гарантия"),
    "not-said": ("not said", "не указано"),
    "drawn": ("drawn", "выбрано"),
    "interest": ("interest", "проценты"),
    "repaid": ("repaid", "погашено"),
    "service": ("debt service", "обслуживание долга"),
    "debt_assumed": (
        "Interest, grace and tenor are not published and assumed; what the owner earns is not published, so no cover is given",
        "Процент, льготный срок и срок не опубликованы и приняты; доход владельца не опубликован, поэтому покрытие не даётся",
    ),
    "net": ("net", "чистый поток"),
    "measure": ("each measure alone", "каждая мера отдельно"),
    "crane-cycle": ("shorter crane time", "короче цикл крана"),
    "all-weather": ("all-weather cranes", "всепогодные краны"),
    "general-cargo": ("general cargo", "генеральные грузы"),
    "simultaneous-ships": ("ships at once", "одновременные суда"),
    "all-together": ("all together", "все вместе"),
    "scenario": ("under the scenario", "при сценарии"),
    "alone": ("alone", "отдельно"),
    "taken_out": ("taken out of all", "при исключении из всех"),
    "shapley": ("Shapley", "Шепли"),
    "chosen": ("chosen", "выбран"),
    "pair": ("together", "вместе"),
    "synergy": ("synergy, EUR m", "синергия, млн евро"),
    "section_head": (
        "{name}, {km:g} km, whole cost EUR {cost:,.0f} m{part}. Assumed {aadt:,.0f} vehicles a "
        "day ({low:,.0f} to {high:,.0f}), {corridor:.1f} % of them of the corridor",
        "{name}, {km:g} км, полная стоимость {cost:,.0f} млн евро{part}. Принято {aadt:,.0f} "
        "автомобилей в сутки ({low:,.0f}–{high:,.0f}), из них {corridor:.1f} % относятся к коридору",
    ),
    "hand": (
        "By hand: a call takes {hours:.1f} h less of a cycle of {cycle:.0f} h, {more:.1f} % more sailings, {teu:,.0f} TEU a year",
        "Вручную: судозаход короче на {hours:.1f} ч из рейса в {cycle:.0f} ч, рейсов больше на {more:.1f} %, {teu:,.0f} ДФЭ в год",
    ),
    "cranes": ("cranes", "краны"),
    "wind": ("wind", "ветер"),
    "ships": ("ships", "суда"),
    "cycle alone": ("shorter crane time alone", "только короче цикл крана"),
    "weather alone": ("all-weather cranes alone", "только всепогодные краны"),
    "together": ("both together", "оба вместе"),
    "capacity of the terminal as announced": (
        "capacity of the terminal as announced",
        "объявленная мощность терминала",
    ),
    "two cranes at the crane time of today, without a pause, 1.8 TEU a box": (
        "two cranes at the crane time of today, without a pause, 1.8 TEU a box",
        "два крана при сегодняшнем цикле, без пауз, 1,8 ДФЭ на контейнер",
    ),
    "less the hours in which today's cranes stand for wind": (
        "less the hours in which today's cranes stand for wind",
        "за вычетом часов, когда сегодняшние краны стоят из-за ветра",
    ),
    "what the ships of the line carry at the round of today": (
        "what the ships of the line carry at the round of today",
        "сколько перевозят суда линии при сегодняшнем рейсе",
    ),
    "added by the shorter crane time, if all of it shortens the round": (
        "added by the shorter crane time, if all of it shortens the round",
        "прибавка от цикла крана, если он весь сокращает рейс",
    ),
    "added by cranes that work until ships stop sailing": (
        "added by cranes that work until ships stop sailing",
        "прибавка от кранов, работающих, пока суда могут выходить, в портовой части рейса",
    ),
    "added by both": ("added by both", "прибавка от обоих"),
}
"""Every word by its key: English, Russian."""


MUCH = 0.2
"""Rise of the share of runs in which a limit binds that is worth a sentence."""


def said(key: str, language: Language) -> str:
    """Return a word in a language; what has no entry is a name, and stays as it is.

    >>> said("users", "ru"), said("kz", "ru")
    ('пользователи', 'kz')
    """
    pair = WORDS.get(key)
    return key if pair is None else pair[0 if language == "en" else 1]


def sentences(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give the plain answer, sentence by sentence, made of nothing but the results."""
    for project in answer.projects:
        if project.npv is not None:
            yield from (_english if language == "en" else _russian)(answer, project)
    for section in answer.sections:
        even = next(b.aadt for b in section.break_even if b.rate == answer.rate and b.cost == 1.0)
        name = section.name if language == "en" else section.name_ru
        if language == "en":
            pays = f"pays from {even:,.0f} vehicles a day" if even is not None else "pays at no traffic looked at"
            yield (
                f"{name}: built whole for EUR {section.cost / 1e6:,.0f} m it {pays} at {100 * answer.rate:g} %; "
                f"{section.aadt:,.0f} ({section.aadt_low:,.0f} to {section.aadt_high:,.0f}) are assumed and none are "
                "counted. Ask the ministry: which section, which share of its cost, what count of vehicles by class, "
                "what roughness."
            )
        else:
            pays = f"окупается от {even:,.0f} автомобилей в сутки" if even is not None else "не окупается"
            yield (
                f"{name}: целиком за {section.cost / 1e6:,.0f} млн евро {pays} при {100 * answer.rate:g} %; принято "
                f"{section.aadt:,.0f} ({section.aadt_low:,.0f}–{section.aadt_high:,.0f}), подсчёта нет. Спросите "
                "министерство: какой участок, какая доля стоимости, интенсивность по классам, ровность."
            )
    for announced in dict.fromkeys(s.announced for s in answer.sections if s.announced):
        yield (
            f"No net present value is given for the EUR {announced / 1e6:,.0f} m of highways: no section is named."
            if language == "en"
            else f"Для {announced / 1e6:,.0f} млн евро на автодороги ЧПС не даётся: участок не назван."
        )
    yield from _next(answer, language)
    yield _unsure(answer, language)


def _english(answer: Appraisal, project: ProjectResult) -> Iterator[str]:
    assert project.npv is not None
    verdict = "pays for itself" if project.npv >= 0 else "does not pay for itself"
    last = project.anchors[-1]
    yield (
        f"{project.name}: in this model it {verdict} at {100 * answer.rate:g} %: net present value EUR "
        f"{project.npv / 1e6:+,.1f} m, with reliability {(project.npv_reliable or 0) / 1e6:+,.1f} m. In {last.year} users "
        f"gain EUR {last.users / 1e6:+,.1f} m a year, operators {last.operators / 1e6:+,.1f} m, and "
        f"{last.tonnes / 1000:+,.1f} kt more move in the year."
    )
    measures = {m.measure: m.users + m.reliability + m.operators for m in answer.measures if m.project == project.id}
    if measures:
        whole = measures.pop("all-together")
        name = max(measures, key=lambda m: measures[m])
        yield (
            f"Of the EUR {whole / 1e6:+,.2f} m that users and operators gain in {last.year}, {measures[name] / 1e6:+,.2f} m "
            f"come from {said(name, 'en')} alone; the check by hand of the ships' round stands beside the ladder."
        )
    for example in _extremes(project):
        yield (
            f"A tonne of {example.commodity} ({example.demand}) is {abs(example.per_tonne):,.2f} EUR "
            f"{'better' if example.gain > 0 else 'worse'} off in {last.year}."
        )


MONTHS = (
    ("Jan", "янв"), ("Feb", "фев"), ("Mar", "мар"), ("Apr", "апр"), ("May", "май"), ("Jun", "июн"),
    ("Jul", "июл"), ("Aug", "авг"), ("Sep", "сен"), ("Oct", "окт"), ("Nov", "ноя"), ("Dec", "дек"),
)  # fmt: skip


def _next(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give what binds with the projects in the last year worked out and did not without, with its chance by month."""
    last = answer.anchor_years[-1]
    before = {b.limit: b.months for b in answer.binding if b.case == "without" and b.year == last}
    for row in answer.binding:
        if row.case == "with" and row.year == last:
            nothing = (0.0,) * len(row.months)
            rises = [(n, m) for n, m in enumerate(row.months) if m > before.get(row.limit, nothing)[n] + MUCH]
            if rises:
                names = [MONTHS[n][0 if language == "en" else 1] for n, _ in rises]
                if answer.risk is None:  # one run says yes or no, and no chance
                    months, runs = ", ".join(names), ("in the one run", "в единственном прогоне")
                else:
                    chances = (f"{name} {100 * m:.0f} %" for name, (_, m) in zip(names, rises, strict=True))
                    months, runs = ", ".join(chances), ("of runs", "прогонов")
                yield (
                    f"What binds next: {row.name} ({row.limit}) in {last}: {months} {runs[0]}."
                    if language == "en"
                    else f"Что ограничит следующим: {row.limit} в {last} году: {months} {runs[1]}."
                )


def _extremes(project: ProjectResult) -> Iterator[ExampleResult]:
    """Give the demand that gains most and the one that loses most, where there is such."""
    if project.examples:
        best = max(project.examples, key=lambda e: e.gain)
        worst = min(project.examples, key=lambda e: e.gain)
        yield from (e for e in dict.fromkeys((best, worst)) if abs(e.gain) > 0)


def _russian(answer: Appraisal, project: ProjectResult) -> Iterator[str]:
    assert project.npv is not None
    verdict = "окупается" if project.npv >= 0 else "не окупается"
    last = project.anchors[-1]
    yield (
        f"{project.name_ru}: в этой модели {verdict} при {100 * answer.rate:g} %: ЧПС {project.npv / 1e6:+,.1f} млн евро, "
        f"с надёжностью {(project.npv_reliable or 0) / 1e6:+,.1f} млн. В {last.year} году пользователи получают "
        f"{last.users / 1e6:+,.1f} млн евро в год, операторы {last.operators / 1e6:+,.1f} млн, перевезено больше на "
        f"{last.tonnes / 1000:+,.1f} тыс. т."
    )
    measures = {m.measure: m.users + m.reliability + m.operators for m in answer.measures if m.project == project.id}
    if measures:
        whole = measures.pop("all-together")
        name = max(measures, key=lambda m: measures[m])
        yield (
            f"Из {whole / 1e6:+,.2f} млн евро выгод пользователей и операторов в {last.year} году {measures[name] / 1e6:+,.2f} млн "
            f"даёт одна мера: {said(name, 'ru')}; ручная проверка рейса судна стоит рядом с лестницей порта."
        )
    for example in _extremes(project):
        sign = "выигрывает" if example.gain > 0 else "теряет"
        yield (
            f"Тонна груза {example.commodity} ({example.demand}) {sign} {abs(example.per_tonne):,.2f} евро "
            f"в {last.year} году."
        )


def _unsure(answer: Appraisal, language: Language) -> str:
    """Return how sure the answer is: from draws where there are any, else that none were asked for."""
    count = len(answer.assumptions)
    if answer.risk is None or not answer.risk.spreads:
        return (
            f"How sure: no draws were asked for; {count} values are assumed and listed."
            if language == "en"
            else f"Насколько надёжно: розыгрыши не запрошены; {count} величин приняты и перечислены."
        )
    first = answer.risk.spreads[0]
    return (
        f"How sure: over {first.draws} draws the net present value lies from EUR {first.p5 / 1e6:+,.1f} m to "
        f"{first.p95 / 1e6:+,.1f} m (P5 to P95), above zero in {100 * first.positive:.0f} % of them; {count} values are assumed."
        if language == "en"
        else f"Насколько надёжно: в {first.draws} розыгрышах ЧПС от {first.p5 / 1e6:+,.1f} до {first.p95 / 1e6:+,.1f} млн евро "
        f"(P5–P95), выше нуля в {100 * first.positive:.0f} %; {count} величин приняты."
    )
