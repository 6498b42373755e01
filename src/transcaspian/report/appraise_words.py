"""This module owns the words of an appraisal in two languages, and the plain answer made of its results."""

from collections.abc import Iterator
from typing import Literal

from transcaspian.results.appraisal import Appraisal, ProjectResult

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
    "EU taxpayers (grant)": ("EU taxpayers (grant)", "налогоплательщики ЕС (грант)"),
    "everybody (emissions)": ("everybody (emissions)", "все (выбросы)"),
    "Kazakhstan": ("Kazakhstan", "Казахстан"),
    "corridor states": ("corridor states", "страны коридора"),
    "European Union": ("European Union", "Европейский союз"),
    "world": ("world", "мир"),
    "elsewhere": ("elsewhere", "прочие"),
    "eu": ("European Union (budget)", "Европейский союз (бюджет)"),
    "break_even": ("break-even AADT of today", "порог окупаемости, автомобилей в сутки сегодня"),
    "cost": ("cost", "стоимость"),
    "ladder": ("Aktau, TEU a year both ways", "Актау, ДФЭ в год в обе стороны"),
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
    "room on the Caspian": ("room on the Caspian", "провозная способность на Каспии"),
    "traffic of others": ("traffic of others", "чужое движение"),
    "promise that comes true": ("promise that comes true", "сбывшаяся часть обещания"),
    "price of carbon": ("price of carbon", "цена углерода"),
    "alone": ("alone", "отдельно"),
    "taken_out": ("taken out of all", "при исключении из всех"),
    "shapley": ("Shapley", "Шепли"),
    "chosen": ("chosen", "выбран"),
    "pair": ("together", "вместе"),
    "synergy": ("synergy, EUR m", "синергия, млн евро"),
    "section_head": (
        "{name}, {km:g} km, whole cost EUR {cost:,.0f} m; EUR 150 m are {part:.0f} % of it. Assumed {aadt:,.0f} vehicles a "
        "day ({low:,.0f} to {high:,.0f}), {corridor:.1f} % of them of the corridor",
        "{name}, {km:g} км, полная стоимость {cost:,.0f} млн евро; 150 млн евро — это {part:.0f} % её. Принято {aadt:,.0f} "
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
    if answer.sections:
        yield (
            "No net present value is given for the EUR 150 m of highways: no section is named."
            if language == "en"
            else "Для 150 млн евро на автодороги ЧПС не даётся: участок не назван."
        )
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
    for kind, words in (("cn", "A tonne in a box from China"), ("kz", "A tonne from Kazakhstan")):
        best = next((e for e in project.examples if e.origin == kind), None)
        if best is not None:
            yield f"{words} ({best.demand}) is {abs(best.per_tonne):,.2f} EUR {'better' if best.gain > 0 else 'worse'} off."


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
    for kind, words in (("cn", "Тонна в контейнере из Китая"), ("kz", "Тонна из Казахстана")):
        best = next((e for e in project.examples if e.origin == kind), None)
        if best is not None:
            sign = "выигрывает" if best.gain > 0 else "теряет"
            yield f"{words} ({best.demand}) {sign} {abs(best.per_tonne):,.2f} евро."


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
