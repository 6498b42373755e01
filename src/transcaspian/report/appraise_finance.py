"""This module owns the financial side of an appraisal as words and rows: what the owner earns and owes, by year."""

from collections.abc import Iterator, Sequence

from transcaspian.report.appraise_words import namer, said
from transcaspian.report.numbers import Language, number
from transcaspian.results.appraisal import Appraisal, DebtResult, FinanceResult, ProjectResult

COLUMNS = ("granted", "lent", "own", "income", "doing", "upkeep", "interest", "repaid", "cash")
"""What stands by year in the financial table, before the cover."""


def amount(value: float | None, language: Language) -> str:
    """Return millions with two places; nothing at all where there is nothing."""
    if value is None:
        return said("n/a", language)
    return "" if abs(value) < 5e3 else number(value / 1e6, ",.2f", language)


def finance_head(language: Language) -> tuple[str, ...]:
    """Return the header of ``finance_rows``."""
    return (said("eur_m", language), *(said(f"finance_{name}", language) for name in COLUMNS), "DSCR")


def finance_rows(project: ProjectResult, money: FinanceResult, language: Language) -> Iterator[tuple[str, ...]]:
    """Give the financial table of the owner, a row for each year, in EUR m of the price year."""
    for n, year in enumerate(project.years):
        series = (getattr(money, name) for name in COLUMNS)
        cover = money.cover[n]
        yield (
            str(year),
            *(amount(None if values is None else values[n], language) for values in series),
            "" if cover is None else number(cover, ".2f", language),
        )


def finance_words(project: ProjectResult, language: Language) -> Iterator[str]:
    """Give what the financial table comes to, and where the owner's income is from or why none is given."""
    money = project.finance
    if money is None:
        return
    name = _owner(money, language)
    if money.income is None or money.fnpv_c is None or money.fnpv_k is None:
        yield said("finance_unknown" if money.operator else "finance_nobody", language, owner=name)
        return
    yield said(
        "finance_values", language, owner=name, rate=100 * money.rate, c=money.fnpv_c / 1e6, k=money.fnpv_k / 1e6,
        frr_c=_rates(money.frr_c, language), frr_k=_rates(money.frr_k, language),
    )  # fmt: skip
    if money.cover_least is not None:
        verdict = "finance_covered" if money.cover_least >= 1 else "finance_short"
        yield said(verdict, language, least=money.cover_least, year=money.cover_year, mean=money.cover_mean or 0.0)
    yield said(
        "finance_source", language,
        year=project.anchors[-1].year, more=max(money.income) / 1e6, all=(money.taken or 0.0) / 1e6,
    )  # fmt: skip


def _owner(money: FinanceResult, language: Language) -> str:
    return money.operator if language == "en" else money.operator_ru


def _rates(roots: Sequence[float], language: Language) -> str:
    return "; ".join(f"{number(100 * r, '.1f', language)} %" for r in roots) or said("none", language)


def item_head(project: ProjectResult, language: Language) -> tuple[str, ...]:
    """Return the header of ``item_rows``."""
    words = (said(w, language) for w in ("finance_units", "finance_paid", "finance_spent", "assumed"))
    return (said("finance_items", language, year=project.anchors[-1].year), *words)


def item_rows(money: FinanceResult, answer: Appraisal, language: Language) -> Iterator[tuple[str, ...]]:
    """Give what the owner does more, and what is paid for it: a price that is part of another is said to be."""
    named = namer(answer, language)
    for item in money.items:
        yield (
            named(item.name),
            number(item.units, "+,.0f", language),
            said("finance_included", language) if item.paid is None else number(item.paid / 1e3, "+,.1f", language),
            "" if item.paid is None else number(item.spent / 1e3, "+,.1f", language),
            "" if item.assumed is None else f"{100 * item.assumed:.0f} %",
        )


def actor_head(money: FinanceResult, answer: Appraisal, language: Language) -> tuple[str, ...]:
    """Return the header of ``actor_rows``."""
    named = namer(answer, language)
    names = (_owner(money, language) if a.role == "owner" else named(a.name) for a in money.actors)
    return (said("eur_m", language), *names)


def actor_rows(project: ProjectResult, money: FinanceResult, language: Language) -> Iterator[tuple[str, ...]]:
    """Give what each actor pays and is paid, a row for each year."""
    for n, year in enumerate(project.years):
        yield (str(year), *(amount(actor.flow[n], language) for actor in money.actors))


DEBT = ("drawn", "interest", "repaid", "service")
"""What stands by year in the table of a loan."""


def debt_head(debt: DebtResult, answer: Appraisal, language: Language) -> tuple[str, ...]:
    """Return the header of ``debt_rows``: in the loan's currency, and the service in EUR of the price year."""
    head = said("money_m", language, name=namer(answer, language)(debt.financier), currency=debt.currency)
    return (head, *(said(w, language) for w in DEBT), said("service_eur", language))


def debt_rows(debt: DebtResult, years: Sequence[int], language: Language) -> Iterator[tuple[str, ...]]:
    """Give a loan, a row for each year in which anything flows."""
    for year, drawn, interest, repaid in zip(years, debt.drawn, debt.interest, debt.repaid, strict=True):
        if drawn or interest or repaid:
            service = interest + repaid
            yield (str(year), *(amount(v, language) for v in (drawn, interest, repaid, service, service * debt.euros)))
