"""This module owns the words of an appraisal in two languages, and the plain answer made of its results."""

from collections.abc import Callable, Iterator
from typing import Literal

from transcaspian.results.appraisal import Appraisal, FaceResult, ProjectResult

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
    "renewal": ("renewal", "обновление"),
    "residual value": ("residual value", "остаточная стоимость"),
    "users": ("users", "пользователи"),
    "operators": ("operators", "операторы"),
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
    "aadt": ("vehicles a day today", "автомобилей в сутки сегодня"),
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
    "truck": ("lorry", "грузовик"),
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
    "binds_seldom": (
        "What binds in fewer than {share:.0f} % of the runs of every month is in the JSON file of the report",
        "Что задерживает реже чем в {share:.0f} % прогонов каждого месяца, есть в файле JSON отчёта",
    ),
    "minimum": ("The case without", "Базовый случай (без проекта)"),
    "spread": ("NPV over {draws} draws, EUR m", "ЧПС по {draws} розыгрышам, млн евро"),
    "cause": ("what makes the spread", "что создаёт разброс"),
    "sobol_first": ("Sobol first", "Соболь, первый"),
    "sobol_total": ("total", "полный"),
    "rank": ("rank correlation", "ранговая корреляция"),
    "surrogate": (
        "First indices are of the draws themselves, total ones of a surrogate whose error on NPV is {error:.1f} % of the P5-P95 width, on runs it did not see",
        "Первые индексы посчитаны по самим розыгрышам, полные по суррогату; его ошибка ЧПС {error:.1f} % ширины P5-P95 на не виденных им прогонах",
    ),
    "untrusted": (
        "First indices are of the draws themselves; total ones are not shown: their surrogate misses NPV by {error:.0f} % of the P5-P95 width on runs it did not see",
        "Первые индексы посчитаны по самим розыгрышам; полные не показаны: их суррогат ошибается в ЧПС на {error:.0f} % ширины P5-P95 на не виденных им прогонах",
    ),
    "few": (
        "P5, P95, the chance of a gain and rank correlations are given from {least} draws on",
        "P5, P95, вероятность выигрыша и ранговые корреляции даются начиная с {least} розыгрышей",
    ),
    "unsettled": (
        "{count} draws did not settle and are left out: differences in them mean nothing",
        "{count} розыгрышей не сошлись и исключены: разности в них ничего не значат",
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
        "The thick bar ends at the median; the thin one goes from the tenth to the ninetieth percentile. Times of single "
        "shipments hold no queues of others: those are in the cash flow",
        "Толстая полоса до медианы, тонкая от 10-го до 90-го перцентиля. Время отдельных отправок не содержит чужих "
        "очередей: они учтены в денежном потоке",
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
    "budget_eur": ("budget", "бюджет"),
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
    "portfolio_note": (
        "The chosen set costs EUR {spent:,.0f} m and is worth EUR {value:+,.1f} m, worked out in full; its projects alone "
        "and two by two would make EUR {pairs:+,.1f} m. {sets:,.0f} sets were worked out",
        "Выбранный набор стоит {spent:,.0f} млн евро, его ЧПС {value:+,.1f} млн евро посчитана полностью; проекты порознь "
        "и попарно дали бы {pairs:+,.1f} млн. Посчитано наборов: {sets:,.0f}",
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
}
"""Every word by its key: English, Russian."""


LITTLE = 50.0
"""Tonnes a year below which no more is said to move."""

MUCH = 0.2
"""Rise of the share of runs in which a limit binds that is worth a sentence."""


def said(key: str, language: Language) -> str:
    """Return a word in a language; what has no entry is a name, and stays as it is.

    >>> said("users", "ru"), said("kz", "ru")
    ('пользователи', 'kz')
    """
    pair = WORDS.get(key)
    return key if pair is None else pair[0 if language == "en" else 1]


def namer(answer: Appraisal, language: Language) -> Callable[[str], str]:
    """Return what gives an id or an English name of the answer in a language; a word where it is none of them."""
    english = language == "en"
    names = {n.name: n.name if english else n.name_ru for n in answer.names}
    names |= {n.id: n.name if english else n.name_ru for n in answer.names}
    return lambda text: names.get(text) or said(text, language)


def called(project: ProjectResult, language: Language) -> str:
    """Return the name of a project in a language."""
    return project.name if language == "en" else project.name_ru


def name_of(answer: Appraisal, language: Language) -> str:
    """Return the name of the package in a language."""
    return answer.name if language == "en" else answer.name_ru


def money(value: float) -> str:
    """Return EUR in millions as a sentence says it.

    >>> money(1234567.0), money(-30550000.0), money(0.0)
    ('1.2', '-30.6', '0.0')
    """
    return f"{value / 1e6:,.1f}"


def _none(value: float) -> str:
    """Return a whole number as a sentence says it: what rounds to nothing has no sign.

    >>> _none(-0.2), _none(28.9), _none(-1234.0)
    ('0', '29', '-1,234')
    """
    return f"{round(value) or 0:,.0f}"


def sentences(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give the plain answer, sentence by sentence, made of nothing but the results.

    First what the money buys and for whom, then roads, what binds next, how sure it is, and what is assumed.
    """
    english = language == "en"
    for project in answer.projects:
        if project.npv is not None:
            yield _verdict(answer, project, english)
            yield from _bought(answer, project, english)
            yield from _owned(project, english)
    yield from (_face(face, answer, english) for face in answer.faces)
    yield from _extremes(answer.together or next((p for p in answer.projects if p.examples), None), answer, english)
    yield from _roads(answer, english)
    yield from _next(answer, language)
    yield _unsure(answer, language)
    yield _assumed(answer, english)


def _verdict(answer: Appraisal, project: ProjectResult, english: bool) -> str:
    value, sure = project.npv or 0.0, project.npv_reliable or 0.0
    rate = f"{100 * answer.rate:g} %"
    if english:
        verdict = "pays for itself" if value >= 0 else "does not pay for itself"
        return (
            f"{project.name}: in this model it {verdict} at {rate}: net present value EUR {money(value)} m, "
            f"EUR {money(sure)} m with what reliability is worth."
        )
    verdict = "окупается" if value >= 0 else "не окупается"
    return (
        f"{project.name_ru}: в этой модели {verdict} при {rate}: ЧПС {money(value)} млн евро, "
        f"с учётом надёжности {money(sure)} млн."
    )


def _bought(answer: Appraisal, project: ProjectResult, english: bool) -> Iterator[str]:
    """Give what the money buys in the last year worked out, and which measure brings most of it."""
    if not project.anchors:
        return
    last = project.anchors[-1]
    given = [x.amount for x in project.legs]
    whole = all(x.currency == "EUR" for x in project.legs) and given and None not in given
    cost = f"EUR {money(sum(v for v in given if v is not None))} m" if whole else ("it" if english else "он")
    measures = {m.measure: m.users + m.reliability + m.operators for m in answer.measures if m.project == project.id}
    most = max((m for m in measures if m != "all-together"), key=lambda m: measures[m], default=None)
    if english:
        yield (
            f"What {cost} {'buy' if whole else 'gives'} in {last.year}: {_none(last.tonnes / 1000)} kt more move, users gain EUR "
            f"{money(last.users)} m a year and operators EUR {money(last.operators)} m; emissions change by "
            f"{last.carbon_net:+,.0f} t CO2e."
            + (f" Most of the gain comes from {said(most, 'en')}: EUR {money(measures[most])} m alone." if most else "")
        )
    else:
        yield (
            f"Что {'дают' if whole else 'даёт'} {cost.replace('EUR ', '').replace(' m', ' млн евро')} в {last.year} году: перевезено больше на {_none(last.tonnes / 1000)} "
            f"тыс. т, пользователи получают {money(last.users)} млн евро в год, операторы {money(last.operators)} млн; "
            f"выбросы меняются на {last.carbon_net:+,.0f} т CO2e."
            + (f" Больше всего даёт мера «{said(most, 'ru')}»: одна она {money(measures[most])} млн." if most else "")
        )


def _owned(project: ProjectResult, english: bool) -> Iterator[str]:
    """Give what the investment is worth to its owner, where the model knows what he earns by it."""
    owner = project.finance
    if owner is None or owner.fnpv_c is None:
        return
    rate = f"{100 * owner.rate:g} %"
    found = (
        f"To its owner ({owner.operator}) the investment is worth EUR {money(owner.fnpv_c)} m at a financial rate of {rate}."
        if english
        else f"Для владельца ({owner.operator_ru}) вложение стоит {money(owner.fnpv_c)} млн евро при финансовой ставке {rate}."
    )
    if owner.cover_least is not None and owner.cover_mean is not None:
        found += (
            f" Cover of its debt service by the project alone (DSCR): {owner.cover_mean:.2f} in the mean and "
            f"{owner.cover_least:.2f} in the worst year, {owner.cover_year}; below 1 the rest must come from elsewhere."
            if english
            else f" Покрытие обслуживания долга самим проектом (DSCR): {owner.cover_mean:.2f} в среднем и "
            f"{owner.cover_least:.2f} в худшем, {owner.cover_year} году; ниже 1 остальное должно прийти извне."
        )
    yield found


def _face(face: FaceResult, answer: Appraisal, english: bool) -> str:
    """Return what changes for cargo of a kind from a country, in the mean."""
    name = namer(answer, "en" if english else "ru")(face.country)
    users, sure = face.users * face.load, face.reliability * face.load
    kind = said(face.form, "en" if english else "ru")
    total, moves = users + sure, abs(face.more) >= LITTLE
    if english:
        verb = "is better off by" if total >= 0 else "is worse off by"
        return (
            f"A {kind} from {name} {verb} EUR {abs(total):,.2f} in the mean of {face.year} (price, time and queues "
            f"EUR {users:+,.2f}, reliability EUR {sure:+,.2f}); "
            + (
                f"{face.more / 1000:+,.1f} of {face.tonnes / 1000:,.0f} kt more move."
                if moves
                else "no more of it moves."
            )
        )
    verb = "в выигрыше" if total >= 0 else "в проигрыше"
    return (
        f"{kind.capitalize()}, {name}: {verb} на {abs(total):,.2f} евро в среднем за {face.year} год (цена, время и "
        f"очереди {users:+,.2f}, надёжность {sure:+,.2f}); "
        + (f"перевозки {face.more / 1000:+,.1f} из {face.tonnes / 1000:,.0f} тыс. т." if moves else "перевозки те же.")
    )


def _extremes(project: ProjectResult | None, answer: Appraisal, english: bool) -> Iterator[str]:
    """Give the demand that gains most and the one that loses most by all projects together, where there are such."""
    if project is None or not project.examples:
        return
    named = namer(answer, "en" if english else "ru")
    year = project.anchors[-1].year
    best = max(project.examples, key=lambda e: e.gain)
    worst = min(project.examples, key=lambda e: e.gain)
    if best.gain > 0:
        yield (
            f"Most is gained by {named(best.commodity).lower()} ({best.demand}): EUR {best.per_tonne:,.2f} a tonne in {year}."
            if english
            else f"Больше всех выигрывает {named(best.commodity).lower()} ({best.demand}): {best.per_tonne:,.2f} евро с тонны в {year}."
        )
    if worst.gain < 0:
        yield (
            f"Most is lost by {named(worst.commodity).lower()} ({worst.demand}), which queues with what has come: EUR "
            f"{-worst.per_tonne:,.2f} a tonne."
            if english
            else f"Больше всех теряет {named(worst.commodity).lower()} ({worst.demand}) в очереди с пришедшим грузом: "
            f"{-worst.per_tonne:,.2f} евро с тонны."
        )


def _roads(answer: Appraisal, english: bool) -> Iterator[str]:
    for announced in dict.fromkeys(s.announced for s in answer.sections if s.announced):
        yield (
            f"No net present value is given for the EUR {announced / 1e6:,.0f} m of highways: no section is named. Ask "
            "the ministry: which section, which share of its cost, what count of vehicles by class, what roughness."
            if english
            else f"Для {announced / 1e6:,.0f} млн евро на автодороги ЧПС не даётся: участок не назван. Спросите "
            "министерство: какой участок, какая доля стоимости, интенсивность по классам, ровность."
        )
    for s in answer.sections:
        even = next(b.aadt for b in s.break_even if b.rate == answer.rate and b.cost == 1.0)
        rate = f"{100 * answer.rate:g} %"
        if english:
            pays = f"pays from {even:,.0f} vehicles a day" if even is not None else "pays at no traffic looked at"
            yield (
                f"{s.name}: built whole for EUR {s.cost / 1e6:,.0f} m it {pays} at {rate}; {s.aadt:,.0f} "
                f"({s.aadt_low:,.0f} to {s.aadt_high:,.0f}) are assumed and none are counted."
            )
        else:
            pays = f"окупается от {even:,.0f} автомобилей в сутки" if even is not None else "не окупается"
            yield (
                f"{s.name_ru}: целиком за {s.cost / 1e6:,.0f} млн евро {pays} при {rate}; принято {s.aadt:,.0f} "
                f"({s.aadt_low:,.0f}–{s.aadt_high:,.0f}), подсчёта нет."
            )


MONTHS = (
    ("Jan", "янв"), ("Feb", "фев"), ("Mar", "мар"), ("Apr", "апр"), ("May", "май"), ("Jun", "июн"),
    ("Jul", "июл"), ("Aug", "авг"), ("Sep", "сен"), ("Oct", "окт"), ("Nov", "ноя"), ("Dec", "дек"),
)  # fmt: skip


def _next(answer: Appraisal, language: Language) -> Iterator[str]:
    """Give what binds with the projects in the last year worked out and did not without, with its chance by month."""
    last, named = answer.anchor_years[-1], namer(answer, language)
    before = {b.limit: b.months for b in answer.binding if b.case == "without" and b.year == last}
    for row in answer.binding:
        if row.case == "with" and row.year == last:
            nothing = (0.0,) * len(row.months)
            rises = [(n, m) for n, m in enumerate(row.months) if m > before.get(row.limit, nothing)[n] + MUCH]
            if rises:
                names = [MONTHS[n][0 if language == "en" else 1] for n, _ in rises]
                if answer.risk is None:  # one run says yes or no, and no chance
                    every = "every month" if language == "en" else "все месяцы"
                    months = ", ".join(names) if len(names) < len(row.months) else every
                    runs = ("in the one run", "в единственном прогоне")
                else:
                    chances = (f"{name} {100 * m:.0f} %" for name, (_, m) in zip(names, rises, strict=True))
                    months, runs = ", ".join(chances), ("of runs", "прогонов")
                yield (
                    f"What binds next: {named(row.name)} ({row.limit}) in {last}: {months} {runs[0]}."
                    if language == "en"
                    else f"Что ограничит следующим: {named(row.name)} ({row.limit}) в {last} году: {months} {runs[1]}."
                )


def _unsure(answer: Appraisal, language: Language) -> str:
    """Return how sure the answer is: from draws where there are any, else that none were asked for."""
    if answer.risk is None or not answer.risk.spreads:
        return (
            "How sure: one run with every value in the middle of its range; --draws 200 says how far it spreads."
            if language == "en"
            else "Насколько надёжно: один прогон со средними значениями; разброс покажет --draws 200."
        )
    first = answer.risk.spreads[0]
    if first.p5 is None or first.p95 is None or first.positive is None:
        return (
            f"How sure: {first.draws} draws are too few to say; --draws 200 says how far it spreads."
            if language == "en"
            else f"Насколько надёжно: по {first.draws} розыгрышам судить нельзя; разброс покажет --draws 200."
        )
    return (
        f"How sure: over {first.draws} draws the net present value lies from EUR {money(first.p5)} m to "
        f"{money(first.p95)} m (P5 to P95), above zero in {100 * first.positive:.0f} % of them."
        if language == "en"
        else f"Насколько надёжно: в {first.draws} розыгрышах ЧПС от {money(first.p5)} до {money(first.p95)} млн евро "
        f"(P5–P95), выше нуля в {100 * first.positive:.0f} %."
    )


def _assumed(answer: Appraisal, english: bool) -> str:
    """Return how much is assumed, and which line of each cash flow would have to change least for another verdict."""
    found = (
        f"What is assumed: {len(answer.assumptions)} values that nobody published, listed with range and reason."
        if english
        else f"Что принято: {len(answer.assumptions)} неопубликованных величин, перечислены с диапазоном и основанием."
    )
    for project in answer.projects:
        lines = [line for line in project.lines if line.switching is not None]
        if project.npv is not None and lines:
            nearest = min(lines, key=lambda line: abs(line.switching or 0.0))
            change = 100 * (nearest.switching or 0.0)
            name = said(nearest.name, "en" if english else "ru")
            several = sum(p.npv is not None for p in answer.projects) > 1
            title = f" ({called(project, 'en' if english else 'ru')})" if several else ""
            found += (
                f" The verdict{title} turns first if {name} changes by {change:+,.0f} %."
                if english
                else f" Вывод{title} меняется раньше всего, если изменить строку «{name}» на {change:+,.0f} %."
            )
    return found
