"""This module owns the words of an appraisal in two languages."""

import re
from collections.abc import Callable
from string import Formatter
from typing import Any

from transcaspian.report.numbers import Language, number
from transcaspian.results.appraisal import Appraisal, AssumptionResult, PlaceResult, ProjectResult, UnpricedResult

WORDS: dict[str, tuple[str, str]] = {
    "rate": ("rate", "ставка"),
    "none": ("none", "нет"),
    "n/a": ("n/a", "н/п"),
    "unsourced": ("no source was found", "источник не найден"),
    "price_terms": ("EUR {year}", "цены {year} года, евро"),
    "TEU": ("TEU", "ДФЭ"),
    "unit_t": ("t", "т"),
    "unit_kt": ("kt", "тыс. т"),
    "unit_Mt": ("Mt", "млн т"),
    "unit_kTEU": ("kTEU", "тыс. ДФЭ"),
    "unit_TEU": ("TEU", "ДФЭ"),
    "unit_trains": ("trains", "поездов"),
    "unit_trucks": ("trucks", "автомобилей"),
    "unit_%": ("%", "%"),
    "unit_wagons": ("wagons", "вагонов"),
    "unit_d": ("d", "дн."),
    "counted": ("counted", "по подсчёту"),
    "by_commodity": ("by commodity", "по грузам"),
    "other_goods": ("other goods", "прочие грузы"),
    "operators, other trains, accidents, emissions and costs": (
        "operators, other trains, accidents, emissions and costs",
        "операторы, чужие поезда, аварии, выбросы и затраты",
    ),
    "of_section": ("the section built whole", "участок целиком"),
    "section_lines": ("Present value, EUR m: {parts}", "Приведённая стоимость, млн евро: {parts}"),
    "section_users": (
        "Of what is saved on the road EUR {corridor} m belong to the traffic of the corridor, EUR {others} m to all others",
        "Из сбережённого на дороге {corridor} млн евро приходится на движение коридора, {others} млн — на всех остальных",
    ),
    "toll_note": (
        "A toll is no line: it passes from users to the owner of the road and leaves the sum as it is",
        "Плата за проезд не строка: она переходит от пользователей к владельцу дороги и суммы не меняет",
    ),
    "wagon-hopper": ("hopper wagon", "вагон-хоппер"),
    "wagon-covered": ("covered wagon", "крытый вагон"),
    "truck-20t": ("lorry of 20 t", "автомобиль на 20 т"),
    "way_via": ("via ", "через "),
    "way_change at": ("change at ", "перегрузка: "),
    "way_+ truck": (" + truck", " + автомобиль"),
    "way_by truck": (" by truck", " автомобилем"),
    "rail": ("rail", "по железной дороге"),
    "road": ("road", "автомобилем"),
    "sea": ("sea", "морем"),
    "P(NPV>0)": ("P(NPV>0)", "P(ЧПС>0)"),
    "aadt_head": ("AADT", "авт./сут"),
    "iri_head": ("IRI", "IRI, м/км"),
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
    "under-works": ("under way", "выполняется"),
    "done": ("in service", "действует"),
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
    "renewal": ("renewal", "обновление"),
    "residual value": ("residual value", "остаточная стоимость"),
    "users": ("users", "пользователи"),
    "operators": ("operators", "операторы"),
    "accidents and pollution": ("accidents and pollution", "аварии и загрязнение"),
    "other trains": ("other trains", "чужие поезда"),
    "other trains and their cargo": ("other trains and their cargo", "чужие поезда и их груз"),
    "emissions": ("emissions", "выбросы"),
    "passed_on": ("passed on to users", "передано пользователям"),
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
    "left": ("still waits without, kt", "без проекта ещё ждёт, тыс. т"),
    "before_opening": (
        "Years before {year}, when it opens, say what it would give if it were there; it counts from its opening on.",
        "Годы до ввода в {year} году показывают, что проект дал бы, если бы уже был; учитываются они с ввода.",
    ),
    "rule": ("by", "метод"),
    "rule of half": ("rule of half", "правило половины"),
    "integration": ("integration", "интегрирование"),
    "gap": ("gap", "невязка"),
    "by_actor": ("who gains, who pays", "кто выигрывает, кто платит"),
    "by_country": ("country", "страна"),
    "perspectives": ("seen from", "с точки зрения"),
    "shippers and receivers": ("shippers and receivers", "грузовладельцы"),
    "carriers and terminals": ("carriers and terminals", "перевозчики и терминалы"),
    "owner of the project, after grants": (
        "owner of the project, after grants",
        "владелец проекта, за вычетом грантов",
    ),
    "taxpayers abroad (grants)": ("taxpayers abroad (grants)", "зарубежные налогоплательщики (гранты)"),
    "people along the way (accidents, pollution)": (
        "people along the way (accidents, pollution)",
        "люди вдоль пути (аварии, загрязнение)",
    ),
    "everybody (emissions)": ("everybody (emissions)", "все (выбросы)"),
    "world": ("world", "мир"),
    "Kazakhstan": ("Kazakhstan", "Казахстан"),
    "corridor states": ("corridor states", "страны коридора"),
    "European Union": ("European Union", "Европейский союз"),
    "elsewhere": ("elsewhere", "прочие"),
    "taxpayers-eu": ("taxpayers of the EU", "налогоплательщики ЕС"),
    "run": ("run", "прогон"),
    "data": ("data", "данные"),
    "both": ("both", "оба"),
    "limit": ("what is short", "чего не хватает"),
    "under": (
        "What it is worth when a scenario holds in both cases",
        "Чего это стоит, если сценарий действует в обоих случаях",
    ),
    "centre": ("the centre", "основной случай"),
    "under_note": (
        "(!) the years under this scenario did not settle, and the difference of two such years means nothing",
        "(!) годы при этом сценарии не сошлись, и разность таких лет ничего не значит",
    ),
    "aadt": ("vehicles a day today", "среднесуточная интенсивность сегодня, авт./сут"),
    "grid_note": (
        "Net present value, EUR m, and rate of return over traffic, roughness and cost [EUR m]",
        "ЧПС, млн евро, и норма доходности при разной интенсивности, ровности и стоимости [млн евро]",
    ),
    "days": ("d", "дн."),
    "made_of": ("mean days", "дней в среднем"),
    "moving": ("moving", "движение"),
    "handling": ("handling", "перегрузка"),
    "border procedures": ("border procedures", "оформление на границе"),
    "waiting for the vehicle": ("waiting for the vehicle", "ожидание отправки"),
    "queue at terminals and borders": ("queues", "очереди"),
    "closed hours": ("closed hours", "нерабочие часы"),
    "weather": ("weather", "погода"),
    "calibration": ("calibrated on", "калибровка"),
    "validation": ("not calibrated on", "проверка"),
    "bound": ("bound", "граница"),
    "reason": ("reason", "основание"),
    "container": ("box", "контейнер"),
    "wagon": ("wagon", "вагон"),
    "truck": ("lorry", "грузовой автомобиль"),
    "break_even": ("break-even AADT of today", "порог окупаемости, авт./сут сегодня"),
    "cost": ("cost", "стоимость"),
    "ladder": ("TEU a year both ways", "ДФЭ в год в обе стороны"),
    "part": (
        "; the EUR {announced:,.0f} m announced are {part:.0f} % of it",
        "; объявленные {announced:,.0f} млн евро — это {part:.0f} % её",
    ),
    "binds": ("what holds cargo back, % of runs by month", "что задерживает груз, % прогонов по месяцам"),
    "binds_note": ("100 means in every run", "100 значит в каждом прогоне"),
    "binds_once": ("what holds cargo back, by month", "что задерживает груз, по месяцам"),
    "binds_once_note": (
        "x: in that month, in the one run with everything as announced. It is yes or no, and says nothing of how likely it "
        "is: --draws 200 gives the share of runs",
        "x — в этом месяце, в единственном прогоне, где всё как объявлено. Это да или нет, а не вероятность: долю прогонов "
        "даёт --draws 200",
    ),
    "binds_seldom": (
        "What binds in fewer than {share:.0f} % of the runs of every month is in the JSON file of the report",
        "Что задерживает реже чем в {share:.0f} % прогонов каждого месяца, есть в файле JSON отчёта",
    ),
    "response_with": (", × {factor:.2f} with all projects", ", × {factor:.2f} со всеми проектами"),
    "binds_next": (
        "What binds next, with the projects, in {year} ({runs}): ",
        "Что ограничит следующим, с проектами, в {year} году ({runs}): ",
    ),
    "in_one_run": ("in the one run: months, not chances", "в единственном прогоне: месяцы, а не вероятности"),
    "in_runs": ("% of runs", "% прогонов"),
    "others_bind": ("others in the table: {count}", "остальных в таблице: {count}"),
    "newly": ("What the projects newly make bind: ", "Новое из-за проектов: "),
    "nothing_new": ("The projects make nothing new bind", "Нового из-за проектов нет"),
    "from_country": ("from {name}", "въезд, {name}"),
    "forward": ("forward", "туда"),
    "back": ("back", "обратно"),
    "out": ("out", "туда"),
    "likely": ("likelier are", "вероятнее"),
    "likely_overrun-port": ("cost of a port {value:+.0f} %", "стоимость порта {value:+.0f} %"),
    "likely_delay": ("years of delay: {value:g}", "опоздание на лет: {value:g}"),
    "likely_effect": ("{value:.0f} % of the effect", "{value:.0f} % эффекта"),
    "reach_unknown": ("of which no range is known", "диапазон её не известен"),
    "reachable": ("which is within its range of {range}", "в пределах её диапазона {range}"),
    "unreachable": ("which is out of its range of {range}", "вне её диапазона {range}"),
    "minimum": ("The case without", "Базовый случай (без проекта)"),
    "spread": ("NPV over {draws} draws, EUR m", "ЧПС, млн евро (розыгрышей: {draws})"),
    "cause": ("what makes the spread", "что создаёт разброс"),
    "sobol_first": ("Sobol first", "Соболь, первый"),
    "sobol_total": ("total", "полный"),
    "rank": ("rank correlation", "ранговая корреляция"),
    "surrogate": (
        "Indices are of the draws themselves; total ones of causes that years must be solved again for are of a surrogate whose error on NPV is {error:.1f} % of the P5-P95 width, on runs it did not see",
        "Индексы посчитаны по самим розыгрышам; полные индексы причин, для которых годы решаются заново, — по суррогату; его ошибка ЧПС {error:.1f} % ширины P5-P95 на не виденных им прогонах",
    ),
    "untrusted": (
        "Indices are of the draws themselves. Total ones of causes that years must be solved again for are not given: a surrogate learnt from so many draws misses NPV by {error:.1f} % of the P5-P95 width on runs it did not see, and {most:.0f} % is the most; more draws help",
        "Индексы посчитаны по самим розыгрышам. Полные индексы причин, для которых годы решаются заново, не даны: суррогат по стольким розыгрышам ошибается в ЧПС на {error:.1f} % ширины P5-P95 на не виденных им прогонах, а допустимо {most:.0f} %; помогут ещё розыгрыши",
    ),
    "few": (
        "P5, P95, the chance of a gain and rank correlations are given from {least} draws on",
        "P5, P95, вероятность выигрыша и ранговые корреляции даются начиная с {least} розыгрышей",
    ),
    "unsettled": (
        "{count} draws did not settle and are left out: differences in them mean nothing",
        "не сошлось и исключено розыгрышей: {count}; разности в них ничего не значат",
    ),
    "cost overrun": ("cost overrun", "превышение стоимости"),
    "delay and ramp-up": ("delay and ramp-up", "задержка и освоение"),
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
    "item_time": ("6. Door to door: P10, P50 and P90, days", "6. От двери до двери: P10, P50 и P90, дни"),
    "item_landed": ("7. Landed cost by route", "7. Полная стоимость доставки по маршрутам"),
    "item_counts": ("8. Volume on every published basis", "8. Объём по каждой опубликованной базе"),
    "item_portfolio": ("9. Portfolio", "9. Портфель"),
    "item_assumptions": ("10. Decisive assumptions and worst misses", "10. Решающие допущения и худшие расхождения"),
    "times_note": (
        "The thick bar ends at the median; the thin one goes from the tenth to the ninetieth percentile. Sent in July of "
        "{year}; queues are those of that month in the year without and in that with",
        "Толстая полоса до медианы, тонкая от 10-го до 90-го перцентиля. Отправка в июле {year} года; очереди этого месяца "
        "без проектов и с ними",
    ),
    "via_note": (
        "Beside the cheapest ways stand, wherever they rank, the cheapest over the gateways named for a shipment ({via}) "
        "and the cheapest of these at a published through rate, if there is one",
        "Кроме самых дешёвых маршрутов показаны, на каком бы месте они ни были, самый дешёвый через заданные для отправки "
        "пункты ({via}) и самый дешёвый из таких по опубликованной сквозной ставке, если она есть",
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
    "movers": ("What moves the answer most", "Что сильнее всего меняет ответ"),
    "movers_note": (
        "One value at a time, the others as announced. Ordered by how far the net present value moves between the two ends: "
        "of the range of the dataset, of the rates of institutions, of the table of a section (of its traffic the points "
        "nearest to its range). What has no range comes last, by its switching value",
        "По одной величине, остальные как объявлено. Порядок — по тому, насколько меняется ЧПС между двумя концами: "
        "диапазона набора данных, ставок организаций, таблицы участка (для интенсивности — ближайших к её диапазону точек). "
        "Величины без диапазона — в конце, по порогу смены знака",
    ),
    "no_range": ("no range known", "диапазон не известен"),
    "from": ("from", "от"),
    "to": ("to", "до"),
    "npv_from": ("NPV at the first, EUR m", "ЧПС при первом, млн евро"),
    "npv_to": ("NPV at the second, EUR m", "ЧПС при втором, млн евро"),
    "section_cost": ("cost, EUR m", "стоимость, млн евро"),
    "moves": ("moves NPV by, EUR m", "меняет ЧПС на, млн евро"),
    "moves_npv": ("Δ NPV, EUR m", "Δ ЧПС, млн евро"),
    "moves_eur": ("Δ NPV, EUR", "Δ ЧПС, евро"),
    "assumed_list": ("Values that nobody published", "Величины, которых никто не публиковал"),
    "assumed_order": (
        "Ordered by how far each moves the net present value of a project or section in the tables above, all classes of "
        "vehicles of a section together; how far the others move it is not worked out, and they stand as in the dataset. "
        "--draws 200 ranks what is drawn",
        "Порядок — по тому, насколько величина меняет ЧПС проекта или участка в таблицах выше, все классы автомобилей "
        "участка вместе; насколько меняют её остальные, не посчитано, они стоят как в наборе данных. С --draws 200 "
        "разыгрываемое получает ранги",
    ),
    "assumed_order_drawn": (
        "First what is drawn, by its rank correlation with the net present value; then by how far each moves the net present "
        "value of a project or section in the tables above, all classes of vehicles of a section together; how far the "
        "others move it is not worked out, and they stand as in the dataset",
        "Сначала разыгрываемые величины, по ранговой корреляции с ЧПС; затем по тому, насколько величина меняет ЧПС "
        "проекта или участка в таблицах выше, все классы автомобилей участка вместе; насколько меняют её остальные, не "
        "посчитано, они стоят как в наборе данных",
    ),
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
        "Interest, grace and tenor are not published and assumed.",
        "Процент, льготный период и срок не опубликованы и приняты.",
    ),
    "service_eur": ("service, EUR m", "обслуживание, млн евро"),
    "sheet_answer": ("answer", "ответ"),
    "sheet_assumptions": ("assumptions", "допущения"),
    "sheet_scenarios": ("scenarios", "сценарии"),
    "sheet_portfolio": ("portfolio", "портфель"),
    "sheet_regret": ("regret", "сожаление"),
    "sheet_starts": ("start years", "годы ввода"),
    "sheet_finance": ("money", "деньги"),
    "cost_side": ("cost", "затраты"),
    "benefit_side": ("benefit", "выгода"),
    "apart_side": ("apart", "отдельно"),
    "npv_eur": ("NPV, EUR", "ЧПС, евро"),
    "pv_eur": ("present value, EUR", "приведённая стоимость, евро"),
    "eur": ("EUR", "евро"),
    "against": ("against the centre, EUR", "против основного случая, евро"),
    "npv_reliable_eur": ("with reliability, EUR", "с надёжностью, евро"),
    "tonnes": ("moved more, t", "перевезено больше, т"),
    "unsettled_row": ("not settled", "не сошлось"),
    "all_eur": ("sum", "сумма"),
    "of_all": ("all together, worked out in full", "все вместе, посчитано полностью"),
    "of_chosen": ("sum over the chosen", "сумма по выбранным"),
    "in_full": ("chosen set, worked out in full", "выбранный набор, посчитан полностью"),
    "by_pairs": ("alone and two by two", "порознь и попарно"),
    "spent": ("capital of the chosen set", "капитал выбранного набора"),
    "best_eur": ("best, EUR", "лучший, евро"),
    "chosen_eur": ("chosen set, EUR", "выбранный набор, евро"),
    "regret_eur": ("regret, EUR", "сожаление, евро"),
    "synergy_eur": ("synergy, EUR", "синергия, евро"),
    "service_in_eur": ("debt service in EUR", "обслуживание долга в евро"),
    "most": ("most", "наибольшее"),
    "mean": ("mean", "среднее"),
    "least": ("least", "наименьшее"),
    "line_capital": ("capital at market prices", "вложения в рыночных ценах"),
    "line_left": ("residual value at market prices", "остаточная стоимость в рыночных ценах"),
    "line_free": ("income less handling and upkeep", "доход за вычетом работы и содержания"),
    "line_service": ("debt service", "обслуживание долга"),
    "line_c": ("flow of FNPV(C)", "поток FNPV(C)"),
    "line_k": ("flow of FNPV(K)", "поток FNPV(K)"),
    "financial_rate": ("financial rate", "финансовая ставка"),
    "rate_of_return": ("rate of return", "норма доходности"),
    "in_eur": ("EUR for one unit", "евро за единицу"),
    "eur_m": ("EUR m", "млн евро"),
    "money_m": ("{name}, {currency} m", "{name}, млн {currency}"),
    "wider": ("Wider effects, not added to anything", "Широкие эффекты, ни к чему не прибавлены"),
    "wider_note": (
        "Each row is one published coefficient times what the model has. Trade, incomes and the worth of land are the gain "
        "of users passed on: added, it would be counted twice. None of these numbers is in a net present value, a ratio or "
        "a table of who gains; more trade is not a gain of the same size.",
        "Каждая строка — один опубликованный коэффициент, умноженный на то, что есть в модели. Торговля, доходы и цена "
        "земли — это выигрыш пользователей, перешедший дальше: при сложении он был бы учтён дважды. Этих чисел нет ни в "
        "ЧПС, ни в отношениях, ни в таблицах выигрыша; прирост торговли не равен такому же выигрышу.",
    ),
    "wider_trade": (
        "trade more in {year}: goods over borders worth EUR {base:,.0f} m a year are {days:+.3f} days faster in the mean, at "
        "{coefficient:.1f} % of trade a day",
        "прирост торговли в {year} году: товары через границы на {base:,.0f} млн евро в год быстрее в среднем на {days:+.3f} "
        "дня, по {coefficient:.1f} % торговли за день",
    ),
    "wider_funds": (
        "cost of raising public money: grants and budgets of a present value of EUR {base:,.1f} m, at {coefficient:.0f} % "
        "beside each euro",
        "цена привлечения государственных денег: гранты и бюджеты с приведённой стоимостью {base:,.1f} млн евро, по "
        "{coefficient:.0f} % сверх каждого евро",
    ),
    "wider_effect": ("effect", "эффект"),
    "wider_value": ("EUR m, not added", "млн евро, не прибавлено"),
    "source": ("source", "источник"),
    "finance": ("Financial table of the owner", "Финансовая таблица владельца"),
    "finance_granted": ("grants", "гранты"),
    "finance_lent": ("loans drawn", "заём выбран"),
    "finance_own": ("own capital", "свои вложения"),
    "finance_income": ("income", "доход"),
    "finance_doing": ("cost of handling", "затраты на работу"),
    "finance_upkeep": ("upkeep", "содержание"),
    "finance_interest": ("interest", "проценты"),
    "finance_repaid": ("repaid", "погашено"),
    "finance_cash": ("cash after debt service", "остаток после долга"),
    "finance_note": (
        "Market prices of {price_year}, constant; interest is read as real. Capital is paid by grants and loans as they "
        "are known, and what nobody is named for is the owner's own. Income is what the owner takes more than without "
        "the project, at the prices of the model; handling costs the share of the price that `defaults` has. DSCR is "
        "income less handling and upkeep over interest and repayment, from the year of opening on.",
        "Рыночные цены {price_year} года, постоянные; процент считается реальным. Вложения оплачены известными грантами "
        "и займами, остальное — свои средства владельца. Доход — то, что владелец получает сверх случая без проекта, по "
        "ценам модели; работа стоит ту долю цены, которая указана в `defaults`. DSCR — доход за вычетом работы и "
        "содержания, делённый на проценты и погашение, с года ввода.",
    ),
    "finance_values": (
        "{owner}: FNPV(C) EUR {c:+,.1f} m (rate of return {frr_c}) and FNPV(K) EUR {k:+,.1f} m (rate of return {frr_k}) at a "
        "financial rate of {rate:g} %.",
        "{owner}: FNPV(C) {c:+,.1f} млн евро (норма доходности: {frr_c}), FNPV(K) {k:+,.1f} млн евро (норма доходности: "
        "{frr_k}) при финансовой ставке {rate:g} %.",
    ),
    "finance_covered": (
        "Debt service is covered in every year: {mean:.2f} times in the mean, {least:.2f} at least, in {year}.",
        "Обслуживание долга покрыто каждый год: в среднем {mean:.2f} раза, меньше всего {least:.2f} в {year} году.",
    ),
    "finance_short": (
        "What the project itself brings does not cover debt service: {mean:.2f} times in the mean, {least:.2f} at least, in "
        "{year}. The rest must come from the owner's other income.",
        "Сам проект не покрывает обслуживание долга: в среднем {mean:.2f} раза, меньше всего {least:.2f} в {year} году. "
        "Остальное должно прийти из других доходов владельца.",
    ),
    "finance_source": (
        "Of the project it takes EUR {more:,.2f} m a year more at most; from all cargo of the model it takes EUR {all:,.1f} m "
        "in {year}. Work whose price is included in that of another is not known apart and is not in the sum.",
        "От проекта он получает не больше {more:,.2f} млн евро в год; со всех грузов модели {all:,.1f} млн евро в {year} "
        "году. Работа, цена которой включена в цену другой, отдельно не известна и в сумму не входит.",
    ),
    "finance_unknown": (
        "The model knows no price that {owner} is paid for what changes: it gives no income, no cover of debt service and "
        "no FNPV.",
        "Модель не знает цены, которую {owner} получает за изменившееся: доход, покрытие долга и FNPV не даются.",
    ),
    "finance_nobody": (
        "No operator of the dataset is known to own it: no income, no cover of debt service and no FNPV are given.",
        "Среди операторов набора данных владелец не известен: доход, покрытие долга и FNPV не даются.",
    ),
    "finance_items": ("what the owner does more in {year}", "что владелец делает сверх в {year} году"),
    "finance_units": ("load units", "грузовых единиц"),
    "finance_paid": ("income, EUR k", "доход, тыс. евро"),
    "finance_spent": ("its cost, EUR k", "его затраты, тыс. евро"),
    "finance_included": ("included", "включено"),
    "actors": ("What each pays (-) and is paid by year", "Кто сколько платит (-) и получает по годам"),
    "other operators": ("other carriers and terminals", "другие перевозчики и терминалы"),
    "chosen_npv": ("chosen set, EUR m", "выбранный набор, млн евро"),
    "regret": ("regret, EUR m", "сожаление, млн евро"),
    "best_set": ("best of the sets looked at", "лучший из рассмотренных наборов"),
    "opens": ("opens", "ввод"),
    "best_year": ("best opening", "лучший год ввода"),
    "scope_note": (
        "Gains are those of the cargo that this model has, and of trains of others where they stand in a line of their own. "
        "Other ships and trains are not counted: what serves them too is worth more than stands here.",
        "Выгоды — для грузов этой модели и для чужих поездов там, где они стоят отдельной строкой. Прочие суда и поезда не "
        "учтены: то, что служит и им, стоит больше указанного.",
    ),
    "unpriced": ("cost not published", "стоимость не опубликована"),
    "most_cost": ("pays if it costs less than, EUR m", "окупается, если стоит меньше, млн евро"),
    "most_cost_eur": ("pays if it costs less than, EUR", "окупается, если стоит меньше, евро"),
    "portfolio_note": (
        "The chosen set costs EUR {spent:,.0f} m and is worth EUR {value:+,.1f} m, worked out in full; its projects alone "
        "and two by two would make EUR {pairs:+,.1f} m. {sets:,.0f} sets were worked out",
        "Выбранный набор стоит {spent:,.0f} млн евро, его ЧПС {value:+,.1f} млн евро посчитана полностью; проекты порознь "
        "и попарно дали бы {pairs:+,.1f} млн. Посчитано наборов: {sets:,.0f}",
    ),
    "glance_note": (
        "EUR m, each project with cost, date and effect as announced; all together they are worth EUR {value:+,.1f} m. "
        "{sets:,.0f} sets were worked out: none, each alone, all but one, all. --candidates --portfolio works out every "
        "set: what each adds in the mean of all orders, pairs, the best set and when to begin",
        "Млн евро, каждый проект со стоимостью, сроком и эффектом, как объявлено; ЧПС всех вместе {value:+,.1f} млн евро. "
        "Посчитано наборов: {sets:,.0f} (ни одного, каждый отдельно, все без одного, все). С --candidates --portfolio "
        "считаются все наборы: средний вклад по всем порядкам, пары, лучший набор и годы начала",
    ),
    "capital_m": ("capital, EUR m", "капитал, млн евро"),
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
        "{name}, {km:g} km, whole cost EUR {cost:,.0f} m{part}. Vehicles a day: {traffic}; {corridor:.1f} % of them of the "
        "corridor",
        "{name}, {km:g} км, полная стоимость {cost:,.0f} млн евро{part}. Среднесуточная интенсивность, авт./сут: {traffic}; "
        "{corridor:.1f} % относятся к коридору",
    ),
    "hand": (
        "By hand: a call takes {hours:.1f} h less of a cycle of {cycle:.0f} h, {more:.1f} % more sailings, {teu:,.0f} TEU a year",
        "Вручную: судозаход короче на {hours:.1f} ч из рейса в {cycle:.0f} ч, рейсов больше на {more:.1f} %, {teu:,.0f} ДФЭ в год",
    ),
    "hand_flows": (
        "That is room. By the flows of {year} all measures together bring {teu:,.0f} TEU: room on these ships is then not what most boxes "
        "wait for",
        "Это провозная способность. По потокам {year} года все меры вместе дают {teu:,.0f} ДФЭ: тогда большинству контейнеров не "
        "хватает не места на этих судах",
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
    "cranes at the crane time of today, without a pause": (
        "{cranes:g} cranes at the crane time of today, without a pause, {teu_box:g} TEU a box",
        "кранов: {cranes:g}, при сегодняшнем цикле, без пауз, {teu_box:g} ДФЭ на контейнер",
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
    "carried": ("carried in the model", "перевозится в модели"),
    "realised": ("realised", "перевезено"),
    "what the model puts on the ships of the line": (
        "what the model puts on the ships of the line in {year}",
        "сколько модель отправляет судами линии в {year} году",
    ),
    "what was counted on the ships of the line": (
        "what was counted on the ships of the line in {year}",
        "сколько насчитано на судах линии в {year} году",
    ),
    "more on the ships of the line, by the flows": (
        "more on the ships of the line, by the flows of {year}",
        "прибавка на судах линии, по потокам {year} года",
    ),
    "projects.opens": ("first full year in service", "первый полный год работы"),
    "outlays.amount": ("what it costs", "сколько стоит"),
    "outlays.from_year": ("first year of the works", "первый год работ"),
    "outlays.until_year": ("last year of the works", "последний год работ"),
    "outlays.life": ("years that the works last", "сколько лет служит построенное"),
    "outlays.economic": (
        "cost to the economy over cost at market prices",
        "стоимость для экономики к стоимости в рыночных ценах",
    ),
    "financing_legs.amount": ("what is given for it", "сколько на него дают"),
    "discount_rates.rate": ("discount rate", "ставка дисконтирования"),
    "highway_sections.cost": ("cost of the works", "стоимость работ"),
    "highway_sections.rough_before": ("roughness today", "ровность сегодня"),
    "highway_sections.strength_before": ("structural number of the pavement today", "структурное число одежды сегодня"),
    "highway_sections.strength_after": (
        "structural number of the pavement after the works",
        "структурное число одежды после работ",
    ),
    "highway_sections.limit_before": ("speed of a car today", "скорость автомобиля сегодня"),
    "highway_sections.limit_after": ("speed of a car after the works", "скорость автомобиля после работ"),
    "highway_sections.age": ("years since the last work on the pavement", "лет с последнего ремонта одежды"),
    "road_vehicles.operating": ("operating cost of a kilometre, EUR", "эксплуатационные затраты на километр, евро"),
    "road_vehicles.people": ("people in a vehicle", "людей в автомобиле"),
    "road_vehicles.cargo": ("cargo in a vehicle", "груза в автомобиле"),
    "other_trains.pairs": ("pairs of trains a day", "пар поездов в сутки"),
    "other_trains.growth": ("yearly growth of trains", "рост числа поездов в год"),
    "other_trains.hours": ("time that a train saves", "сколько времени сберегает поезд"),
    "other_trains.carbon": ("CO2e that a tonne saves", "сколько CO2e сберегает тонна"),
    "other_trains.tonnes": ("cargo in a train, mean of both ways", "груза в поезде, среднее в обе стороны"),
    "section_traffic.aadt": ("vehicles a day", "автомобилей в сутки"),
    "section_traffic.growth": ("yearly growth of traffic", "рост движения в год"),
    "port_ladders.moves": ("boxes of a call", "контейнеров за судозаход"),
    "port_ladders.cranes": ("cranes that serve the ships", "кранов на судах"),
    "port_ladders.wind_after": (
        "share of the year in which no ship sails for wind",
        "доля года, когда суда не выходят из-за ветра",
    ),
    "changes.value": ("what it changes", "что меняется"),
    "crossings.status": ("state", "состояние"),
    "demand.avoids_share": ("part that keeps out of a country", "доля, которая обходит страну"),
    "demand.growth": ("growth in a year", "рост за год"),
    "demand.tonnes": ("tonnes in a year", "тонн в год"),
    "demand.units": ("load units in a year", "грузовых единиц в год"),
    "departures.headway_h": ("hours between departures", "часов между отправлениями"),
    "fleets.vehicles": ("vehicles", "единиц в парке"),
    "links.status": ("state", "состояние"),
    "links.tracks": ("tracks", "путей"),
    "resources.capacity": ("capacity", "пропускная способность"),
    "resources.depth_m": ("depth, m", "глубина, м"),
    "resources.servers": ("served at once", "обслуживается сразу"),
    "services.status": ("state", "состояние"),
    "stages.step": ("procedure", "процедура"),
    "steps.hours": ("hours", "часов"),
    "tariffs.amount": ("tariff", "тариф"),
    "vehicle_types.tonnes": ("tonnes of a vehicle", "тонн на единицу парка"),
    "waits.hours": ("hours of waiting", "часов ожидания"),
    "water_levels.fall_m": ("fall of the sea in a year, m", "падение уровня моря за год, м"),
    "changes.from_date": ("from when it changes", "с какого года меняется"),
    "defaults.pass_through": (
        "part of their gain that carriers pass on in prices",
        "часть выигрыша, которую перевозчики отдают в ценах",
    ),
    "unit_values.lane-width": ("width of a lane", "ширина полосы"),
    "unit_values.road-trigger": (
        "roughness at which a road gets an overlay",
        "ровность, при которой кладут новый слой",
    ),
    "unit_values.operator-cap": (
        "by how much operators can enlarge what they own",
        "насколько операторы могут нарастить парк",
    ),
    "unit_values.operator-use": (
        "use of the worst month up to which a fleet is enlarged",
        "загрузка худшего месяца, до которой наращивают парк",
    ),
    "unit_values.freight-payer": (
        "part of a gain that stays where goods come from",
        "часть выигрыша, остающаяся у отправителя",
    ),
    "unit_values.loan-interest": (
        "interest of loans whose terms are not published",
        "процент по займам без опубликованных условий",
    ),
    "unit_values.loan-grace": ("grace of such loans", "льготный период таких займов"),
    "unit_values.loan-tenor": ("tenor of such loans", "срок таких займов"),
    "unit_values.growth-ends": (
        "year after which no benefit of the corridor grows",
        "год, после которого выгоды коридора не растут",
    ),
    "unit_values.road-growth-ends": (
        "year after which the traffic of roads does not grow",
        "год, после которого движение на дорогах не растёт",
    ),
    "unit_values.ramp-up": ("years until what is new is in full use", "лет до полного использования нового"),
    "unit_values.time-worth": ("worth of time over that of the dataset", "ценность времени к принятой в данных"),
    "unit_values.water-capacity": ("room at sea over that of the dataset", "вместимость на море к принятой в данных"),
    "unit_values.background": ("traffic of others over that of the dataset", "чужое движение к принятому в данных"),
    "unit_values.effect": ("part of a promise that comes true", "сбывающаяся часть обещанного"),
    "unit_values.carbon-factor": ("price of carbon over that of the series", "цена углерода к её ряду"),
    "unit_values.demand-error": ("demand over its forecast", "спрос к прогнозу"),
    "unit_values.accident-freight-road": ("accidents of freight by road", "аварии при перевозках автомобилем"),
    "unit_values.accident-freight-rail": ("accidents of freight by rail", "аварии при перевозках по железной дороге"),
    "unit_values.pollution-freight-road": ("pollution by freight by road", "загрязнение при перевозках автомобилем"),
    "unit_values.pollution-freight-rail": (
        "pollution by freight by rail",
        "загрязнение при перевозках по железной дороге",
    ),
    "own judgement": ("own judgement", "собственная оценка"),
    "unit_m": ("m", "м"),
    "unit_m/km": ("m/km", "м/км"),
    "unit_km/h": ("km/h", "км/ч"),
    "unit_year": ("year", "год"),
    "unit_share": ("share", "доля"),
    "unit_share a year": ("share a year", "доля в год"),
    "unit_share of the gain": ("share of the gain", "доля выигрыша"),
    "unit_t-km": ("t-km", "т·км"),
}
"""Every word by its key: English, Russian."""


MONTHS = (
    ("Jan", "янв"), ("Feb", "фев"), ("Mar", "мар"), ("Apr", "апр"), ("May", "май"), ("Jun", "июн"),
    ("Jul", "июл"), ("Aug", "авг"), ("Sep", "сен"), ("Oct", "окт"), ("Nov", "ноя"), ("Dec", "дек"),
)  # fmt: skip


class _Numbers(Formatter):
    """Puts numbers into words as a language writes them."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a field; a number without a format is a year or an id, and stays as it is."""
        numeric = format_spec and isinstance(value, int | float)
        return number(value, format_spec, self.language) if numeric else format(value, format_spec)


def said(key: str, language: Language, **values: Any) -> str:
    """Return a word in a language, ``values`` put in; what has no entry is a name, and stays as it is.

    >>> said("users", "ru"), said("kz", "ru"), said("likely_delay", "ru", value=1.5)
    ('пользователи', 'kz', 'опоздание на лет: 1,5')
    """
    pair = WORDS.get(key)
    words = key if pair is None else pair[language == "ru"]
    return _Numbers(language).format(words, **values) if values else words


def drawn(answer: Appraisal) -> bool:
    """Return whether what binds is a share of drawn runs; else it is yes or no in the one run there is."""
    return answer.risk is not None and bool(answer.risk.spreads)


def share_cell(share: float, answer: Appraisal) -> str:
    """Return how often something binds in a month: per cent of the runs, or a mark where there is one run alone."""
    if share <= 0:
        return ""
    return f"{100 * share:.0f}" if drawn(answer) else "x"


def namer(answer: Appraisal, language: Language) -> Callable[[str], str]:
    """Return what gives an id or an English name of the answer in a language; a word where it is none of them."""
    english = language == "en"
    names = {n.name: n.name if english else n.name_ru for n in answer.names}
    names |= {n.id: n.name if english else n.name_ru for n in answer.names}
    return lambda text: names.get(text) or said(text, language)


def assumed_words(assumption: AssumptionResult, language: Language) -> str:
    """Return what it is that is assumed: which value, and of what; its place in the tables where no word is known."""
    what = said(f"{assumption.table}.{assumption.attribute}", language)
    name = assumption.name if language == "en" else assumption.name_ru
    found = f"{what}: {said(name, language)}" if name else what
    return f"{found}, {changed_words(assumption.changed, language)}" if assumption.changed else found


def changed_words(changed: str, language: Language) -> str:
    """Return what of a thing is changed, by table and attribute, where there is a word for it; else the attribute.

    >>> changed_words("resources.capacity", "ru"), changed_words("steps.kind", "en")
    ('пропускная способность', 'kind')
    """
    return said(changed, language) if changed in WORDS else changed.partition(".")[2]


def unit_words(assumption: AssumptionResult, language: Language) -> str:
    """Return the unit of an assumption; currencies and years stay as they are."""
    parts = assumption.unit.split(" / ")
    return " / ".join(WORDS.get(f"unit_{part}", (part, part))[language == "ru"] for part in parts)


PERIOD = re.compile(r"(\d{4})-(?:M(\d\d)(?:\.\.M(\d\d))?|Q([1-4])|H([12]))")
"""A period of ``observations`` that is a part of a year."""


def period_words(period: str, language: Language) -> str:
    """Return a period as a reader writes it: the months of a part of a year; a year and all else stays as it is.

    >>> period_words("2024-M01..M07", "en"), period_words("2025-Q1", "ru"), period_words("2024", "ru")
    ('Jan-Jul 2024', 'янв–мар 2025', '2024')
    """
    found = PERIOD.fullmatch(period)
    if found is None:
        return period
    year, first, last, quarter, half = found.groups()
    each = 3 if quarter else 6
    end = each * int(quarter or half) if quarter or half else int(last or first)
    begin = end - each + 1 if quarter or half else int(first)
    months = [MONTHS[n - 1][language == "ru"] for n in dict.fromkeys((begin, end))]
    return f"{('–' if language == 'ru' else '-').join(months)} {year}"


def reason_of(assumption: AssumptionResult, language: Language) -> str:
    """Return why a value is assumed as it is, in a language; in English where nobody has said it in Russian."""
    return assumption.reason if language == "en" else assumption.reason_ru or said(assumption.reason, language)


def called(project: ProjectResult | PlaceResult | UnpricedResult, language: Language) -> str:
    """Return the name of a project in a language."""
    return project.name if language == "en" else project.name_ru


def name_of(answer: Appraisal, language: Language) -> str:
    """Return the name of the package in a language."""
    return answer.name if language == "en" else answer.name_ru


WAY = re.compile(r"(?:(via|by|change at|with) )?(.*?)(?: (\+ truck|by truck))?")
"""A part of the name of a way as ``plan`` gives it."""


def way_name(label: str, answer: Appraisal, language: Language) -> str:
    """Return the name of a way in a language, its parts and places one by one."""
    if language == "en":
        return label
    named, parts = namer(answer, language), []
    for part in label.split(", "):
        found = WAY.fullmatch(part)
        head, name, tail = found.groups() if found else (None, part, None)
        # In Russian a means has its own case and a ride its own name: neither needs a word before it.
        words = (said(f"way_{word}", language) if word not in (None, "by", "with") else "" for word in (head, tail))
        parts.append(named(name).join(words))
    return ", ".join(parts)


def cargo_name(cargo: str, language: Language) -> str:
    """Return a cargo in a language: how many of which form.

    >>> cargo_name("30xwagon-hopper", "ru"), cargo_name("12x40HC", "en")
    ('30 × вагон-хоппер', '12 × 40HC')
    """
    count, times, form = cargo.partition("x")
    return f"{count} × {said(form, language)}" if times else cargo


def direction(limit: str, answer: Appraisal, language: Language) -> str:
    """Return which way, or by which service, a limit is meant, in brackets; nothing where it has one way only."""
    way = limit.partition(":")[2]
    if not way:
        return ""
    country = re.fullmatch("from-([a-z]{2})", way)
    named = namer(answer, language)
    return f" ({said('from_country', language, name=named(country[1])) if country else named(way)})"
