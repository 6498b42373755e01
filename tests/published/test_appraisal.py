"""Worked cost-benefit cases, reproduced through the modules that appraise the corridor."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext

import numpy as np
import pytest

from tests.published.cases import rows
from tests.published.red import Section, best
from tests.published.slovak import SlovakCase
from transcaspian.appraisal.cashflow import (
    Rates,
    dated_npv,
    dated_roots,
    factors,
    modified_rate,
    npv,
    payback,
    roots,
    stepped,
)

SLOVAK = {
    "C01-bypass": (SlovakCase("C01-bypass", 2020, 30, 2020), 3_335_828.63, 0.0562048, 1.0757620),
    "C03-i63-kutniky": (SlovakCase("C03-i63-kutniky", 2019, 32, 2019), -14_724_045.2477, -0.0483534448, 0.1673521790),
    "C04-r2-soroska": (SlovakCase("C04-r2-soroska", 2015, 36, 2019), -73_601_521.6133, 0.0115844149, 0.6096782253),
}


@pytest.mark.parametrize("name", SLOVAK)
def test_slovak_roads(name: str) -> None:
    """Every yearly line to the cent, ENPV, ERR and BCR to the printed digit (transport-cba, commit d9b7f35)."""
    case, value, rate, ratio = SLOVAK[name]
    flow = case.cash_flow()
    expected = rows(f"{name}/expected_flows.csv")
    for line in flow.lines:
        printed = [float(r[line.name]) for r in expected]
        np.testing.assert_allclose(line.flow, printed, atol=0.0101, rtol=0, err_msg=line.name)
    assert float(flow.value(0.05)) == pytest.approx(value, abs=0.06)
    assert flow.rates().value == pytest.approx(rate, abs=5e-8)
    assert float(flow.ratio(0.05)) == pytest.approx(ratio, abs=5e-8)


def test_slovak_residual_value_is_wrong() -> None:
    """The source takes 0.75 of a pavement that was never replaced: its residual value is 945,000 EUR too low."""
    case, value, *_ = SLOVAK["C01-bypass"]
    right = replace(case, faulty=False)
    # 37.8 M EUR of pavement of which a tenth is left, times a quarter that should not have gone.
    assert right.residual() - case.residual() == pytest.approx(37_800_000 * 0.1 * 0.25)
    assert float(right.cash_flow().value(0.05)) - value == pytest.approx(945_000 / 1.05**29, abs=0.1)


def test_financial_vectors() -> None:
    """NPV, IRR, MIRR and declining discount factors of numpy-financial, textbooks and the Green Book."""
    for r in rows("C08-financial-vectors.csv"):
        case, expected = r["case"], float(r["expected"])
        if r["function"] == "discount_factor":
            rates = stepped([(30, 0.035), (75, 0.03), (125, 0.025)], 126)
            assert factors(rates, 126)[int(r["values_or_year"])] == pytest.approx(expected, rel=1e-12), case
            continue
        flow = np.array([float(x) for x in r["values_or_year"].split("|")])
        if r["function"] in ("npv", "pv_single"):
            assert float(npv(flow, float(r["rate"]))) == pytest.approx(expected, abs=0.0051), case
        elif r["function"] == "irr":
            _check_rate(roots(flow), expected, 1e-2, case)
        else:
            finance, reinvest = map(float, r["rate"].split("|"))
            found = modified_rate(flow, finance, reinvest)
            assert (found is None) if np.isnan(expected) else found == pytest.approx(expected, abs=5e-5), case


def _crosses(days: Sequence[date], amounts: Sequence[float], root: float) -> bool:
    with localcontext() as context:
        context.prec = 60
        beside = (Decimal(root) - Decimal("1e-9"), Decimal(root) + Decimal("1e-9"))
        low, high = (
            sum(Decimal(a) * (1 + r) ** (Decimal((days[0] - d).days) / 365) for d, a in zip(days, amounts, strict=True))
            for r in beside
        )
        return low * high < 0


def _check_rate(found: Rates, expected: float, rel: float, case: str) -> None:
    if np.isnan(expected):
        assert found.flag == "none", case
    else:
        assert any(root == pytest.approx(expected, rel=rel, abs=1e-8) for root in found.roots), (case, found)


def test_rogers_payback() -> None:
    """Rogers, Highway Engineering, example 3.1: options A and B are paid back in 5.4 and 5.0 years."""
    assert payback([-27] + [5] * 20) == pytest.approx(5.4)
    assert payback([-50] + [10] * 20) == pytest.approx(5.0)


def test_dated_flows() -> None:
    """XNPV and XIRR of the pyxirr suite: every root it notes is among ours.

    Where it finds none we find none, or one that it missed: the present value changes its sign there, in 60 digits.
    """
    flows: dict[str, list[tuple[date, float]]] = {}
    for r in rows("C09-pyxirr-flows.csv"):
        flows.setdefault(r["sample"], []).append((date.fromisoformat(r["date"]), float(r["amount"])))
    for r in rows("C09-pyxirr-expected.csv"):
        if r["sample"] not in flows:
            continue  # some samples were too long to keep
        days, amounts = zip(*flows[r["sample"]], strict=True)
        expected = float(r["expected"])
        if r["function"].startswith("xnpv"):
            rate = float(re.findall(r"\d+", r["function"])[0]) / 100
            assert dated_npv(days, amounts, rate) == pytest.approx(expected, rel=1e-9), r["sample"]
            continue
        found = dated_roots(days, amounts)
        if np.isnan(expected):
            assert all(_crosses(days, amounts, root) for root in found.roots), r["sample"]
            continue
        _check_rate(found, expected, 1e-7, r["sample"])
        if r["other_root_noted_in_source"]:
            assert found.flag == "several", r["sample"]
            _check_rate(found, float(r["other_root_noted_in_source"]), 1e-7, r["sample"])


SECTIONS = 19


@pytest.mark.parametrize("number", range(SECTIONS))
def test_red_sections(number: int) -> None:
    """RED/HDM-4: section attributes to the chosen work and year, its 20 yearly flows, NPV at 12 % and EIRR."""
    row = rows("C05-red-open-sections.csv")[number]
    chosen, flow = best(Section(row))
    printed = np.array([float(row[f"net_y{y:02d}"]) for y in range(20)])
    value = float(row["exp_npv_bnVND"])
    np.testing.assert_allclose(flow.net, printed, rtol=1e-9, atol=1e-12)
    assert float(flow.value(0.12)) == pytest.approx(value, rel=1e-9, abs=1e-12)
    work = rows("C05-red-works.csv")[chosen[0] - 1]
    assert (work["name"], chosen[1]) == (row["exp_work_name"], int(float(row["exp_work_year"])))
    rates, rate = flow.rates(), float(row["exp_eirr"])
    if np.isnan(rate):
        assert rates.flag == "none"
    else:
        assert any(root == pytest.approx(rate, abs=1e-9) for root in rates.roots)
        assert rates.changes == int(row["sign_changes"])
