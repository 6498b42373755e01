"""This module owns the financial side of a project: what its owner earns and owes by year, and who else pays.

Money is at market prices, constant, in euros of the price year; interest and the financial rate are real. The owner's
income is what he takes more with the project than without at the prices of the model, less what doing it costs.

References
----------
European Commission (2014), Guide to Cost-Benefit Analysis of Investment Projects, chapter 2.7: the return on the
investment, FNPV(C), leaves financing aside; that on the owner's and the country's own money, FNPV(K), counts what they
put in, interest and repayment in the place of capital, and grants from abroad not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transcaspian.appraisal.assess import Case, debts, given
from transcaspian.appraisal.cashflow import Line, npv, roots
from transcaspian.appraisal.gains import between
from transcaspian.appraisal.money import CAPITAL, LEFT, RENEWAL, UPKEEP, outlay_lines
from transcaspian.appraisal.terms import Terms
from transcaspian.results.appraisal import ActorResult, FinanceResult, ItemResult
from transcaspian.results.income import Income

Values = NDArray[np.float64]

NEGLIGIBLE = 0.5
"""Load units a year below which nothing more is handled: what is left of the gap of a year."""


@dataclass(frozen=True)
class Takings:
    """What the operator who owns a project takes without and with it, in every year worked out; names of its items."""

    operator: str
    operator_ru: str
    years: Mapping[int, tuple[Income, Income]]
    names: Mapping[tuple[str, str], str]

    @property
    def known(self) -> bool:
        """Whether the model knows anything that the operator is paid for."""
        return any(float(with_.paid.sum()) > 0 for _, with_ in self.years.values())


def finance(case: Case, terms: Terms, takings: Takings | None) -> FinanceResult | None:
    """Return the financial side of a case; None where it costs nothing and nobody finances it.

    Without ``takings``, or where these know no price, there is no income: present values and cover are not given.
    """
    if not case.outlays:
        return None
    span, rate = case.span, terms.value("financial-rate")
    market = {line.name: line.flow for line in _market(case, terms)}
    capital, left = market[CAPITAL], market[LEFT]
    upkeep = market[UPKEEP] + market.get(RENEWAL, 0.0)
    lent, interest, repaid = _loans(case, terms)
    granted = given(case, terms, [x for x in case.legs if x.instrument == "grant"])
    own, service = -capital - lent - granted, interest + repaid
    earned = _changes(case, takings) if takings is not None and takings.known else None
    free = None if earned is None else earned[0] - earned[1] + upkeep
    cash = None if free is None else free - service - own
    cover = tuple(
        float(free[n] / service[n]) if free is not None and service[n] > 0 and year >= span.opens else None
        for n, year in enumerate(span.years)
    )
    met = [(value, year) for value, year in zip(cover, span.years, strict=True) if value is not None]
    least, when = min(met, default=(None, None))
    fnpv_c, frr_c = _worth(None if free is None else free + capital + left, rate)
    fnpv_k, frr_k = _worth(None if cash is None else cash + left, rate)
    return FinanceResult(
        operator=takings.operator if takings is not None else "",
        operator_ru=takings.operator_ru if takings is not None else "",
        rate=rate,
        income=None if earned is None else _figures(earned[0]),
        doing=None if earned is None else _figures(earned[1]),
        upkeep=_figures(-upkeep),
        capital=_figures(-capital),
        left=_figures(left),
        granted=_figures(granted),
        lent=_figures(lent),
        own=_figures(own),
        interest=_figures(interest),
        repaid=_figures(repaid),
        cash=None if cash is None else _figures(cash),
        cover=cover,
        cover_least=least,
        cover_year=when,
        cover_mean=float(np.mean([value for value, _ in met])) if met else None,
        fnpv_c=fnpv_c,
        frr_c=frr_c,
        fnpv_k=fnpv_k,
        frr_k=frr_k,
        items=tuple(_items(takings)) if takings is not None else (),
        taken=None if takings is None or earned is None else _all(takings),
        actors=tuple(_actors(case, terms, cash, None if earned is None else earned[0] - earned[1])),
    )


def _market(case: Case, terms: Terms) -> tuple[Line, ...]:
    """Return capital, upkeep, renewal and what is left as lines at market prices."""
    return outlay_lines([replace(row, economic=1.0) for row in case.outlays], case.span, terms)


def _loans(case: Case, terms: Terms) -> Values:
    """Return what is drawn, interest and repayment of all loans together, (3, year) [EUR]."""
    found = np.zeros((3, case.span.count))
    for row in debts(case, terms):
        found += terms.rates.factor(row.currency, row.price_year) * np.stack([row.drawn, row.interest, row.repaid])
    return found


def _worth(flow: Values | None, rate: float) -> tuple[float | None, tuple[float, ...]]:
    """Return the present value of a flow and its rates of return; nothing of an unknown one."""
    return (None, ()) if flow is None else (float(npv(flow, rate)), roots(flow).roots)


def _changes(case: Case, takings: Takings) -> tuple[Values, Values]:
    """Return what the owner takes more and what doing it costs more, (year,) each."""
    years, opens = case.span.years, case.span.opens
    more = {year: float(w.paid.sum() - b.paid.sum()) for year, (b, w) in takings.years.items()}
    dear = {year: float(w.spent.sum() - b.spent.sum()) for year, (b, w) in takings.years.items()}
    return between(years, more, opens), between(years, dear, opens)


def _all(takings: Takings) -> float:
    """Return what the operator takes from all cargo of the model with the project, in the last year worked out."""
    return float(takings.years[max(takings.years)][1].paid.sum())


def _items(takings: Takings) -> list[ItemResult]:
    """Return what the income is from, in the last year worked out: all that is done more, with or without a price."""
    if not takings.years:
        return []
    before, after = takings.years[max(takings.years)]
    old = {key: n for n, key in enumerate(before.items)}

    def more(name: str, n: int) -> float:
        values: Values = getattr(before, name)
        known = old.get(after.items[n])
        return float(getattr(after, name)[n]) - (0.0 if known is None else float(values[known]))

    found = []
    for n, (table, id_) in enumerate(after.items):
        if abs(more("units", n)) > NEGLIGIBLE:
            paid = float(after.paid[n])
            name, units, spent = takings.names[table, id_], more("units", n), more("spent", n)
            price = (more("paid", n), float(after.assumed[n]) / paid) if paid > 0 else (None, None)
            found.append(ItemResult(table, id_, name, units, price[0], spent, price[1]))
    return sorted(found, key=lambda item: -abs(item.paid or 0.0))


def _actors(case: Case, terms: Terms, cash: Values | None, net: Values | None) -> Sequence[ActorResult]:
    """Return what each actor pays and is paid by year; the owner and other operators where income is known."""
    found = [] if cash is None else [ActorResult("owner", "owner", _figures(cash))]
    for row in debts(case, terms):
        euros = terms.rates.factor(row.currency, row.price_year)
        found.append(ActorResult("lender", row.financier, _figures(euros * (row.service - row.drawn))))
    grants = [leg for leg in case.legs if leg.instrument == "grant" and leg.amount]
    found += [ActorResult("giver", leg.financier, _figures(-given(case, terms, [leg]))) for leg in grants]
    years, opens = case.span.years, case.span.opens
    if case.gains:
        margins = between(years, {y: float(g.margins.sum()) for y, g in case.gains.items()}, opens)
        users = between(years, {y: float(g.users.sum()) for y, g in case.gains.items()}, opens)
        name = "operators" if net is None else "other operators"
        found.append(ActorResult("operators", name, _figures(margins if net is None else margins - net)))
        found.append(ActorResult("users", "users", _figures(users)))
    return found


def _figures(values: Values) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
