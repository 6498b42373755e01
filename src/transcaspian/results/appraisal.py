"""This module owns the answer to ``appraise``: what a package gives, for whom, and how sure that is. Nothing computes.

Money is EUR at the constant prices of one year; amounts of years stand at the years of ``years``. Present values are in
the money of the first year.
"""

from dataclasses import dataclass

from transcaspian.results.flows import Counted
from transcaspian.results.text import aligned, html
from transcaspian.units import Hours, KgCO2e, Km, Metric, Share, Tonnes

Series = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LineResult:
    """A line of a cash flow: its amounts by year, its present value, and by which share it must change for zero.

    ``low`` and ``high`` are the shares by which it may change by the ranges of the dataset, where these say so.
    """

    name: str
    side: str
    flow: Series
    value: float
    switching: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class AnchorResult:
    """What was worked out for one year; years between anchors lie on a line, later ones are as the last.

    ``passed`` is the part of the users' gain that carriers pass on in their prices.
    """

    year: int
    users: float
    reliability: float
    operators: float
    passed: float
    carbon_net: Tonnes
    carbon_gross: Tonnes
    tonnes: Tonnes
    waiting: Tonnes
    rule: str
    gap: float
    shut: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareResult:
    """A part of a net present value: of an actor, a country, a commodity or a perspective."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class DebtResult:
    """A loan by year, in its own currency, and whether its terms are assumed.

    ``euros`` are EUR of the price year for one unit of the currency.
    """

    financier: str
    currency: str
    euros: float
    drawn: Series
    interest: Series
    repaid: Series
    assumed: bool


@dataclass(frozen=True, slots=True)
class LegResult:
    """Who gives how much, and how far the promise has come; an amount that is not published is None."""

    financier: str
    instrument: str
    amount: float | None
    currency: str
    status: str


@dataclass(frozen=True, slots=True)
class ItemResult:
    """A step or service of the owner of a project, and what more of it is done in the last year worked out.

    ``paid`` is None where its price is part of another one; ``assumed`` is the share of it that nobody published.
    """

    table: str
    id: str
    name: str
    units: float
    paid: float | None
    spent: float
    assumed: Share | None


@dataclass(frozen=True, slots=True)
class ActorResult:
    """What an actor pays (below zero) and is paid by year [EUR]."""

    role: str
    name: str
    flow: Series


@dataclass(frozen=True, slots=True)
class FinanceResult:
    """The financial side of a project for its owner, by year [EUR at market prices], and the others' flows.

    ``income`` is what the owner takes more, ``doing`` what that costs him; both are None where the model knows no price
    of his, and then so are cash, cover and present values. ``own`` is capital that nobody else is named for. ``cash``
    is what is left after debt service, ``cover`` (DSCR) what there is for it over it, from the year of opening on.
    ``fnpv_c`` is the value of the investment whoever finances it, ``fnpv_k`` that of the owner's and the country's own
    money; ``taken`` is all that the owner takes from cargo of the model in the last year worked out.
    """

    operator: str
    operator_ru: str
    rate: Share
    income: Series | None
    doing: Series | None
    upkeep: Series
    capital: Series
    left: Series
    granted: Series
    lent: Series
    own: Series
    interest: Series
    repaid: Series
    cash: Series | None
    cover: tuple[float | None, ...]
    cover_least: float | None
    cover_year: int | None
    cover_mean: float | None
    fnpv_c: float | None
    frr_c: Series
    fnpv_k: float | None
    frr_k: Series
    items: tuple[ItemResult, ...]
    taken: float | None
    actors: tuple[ActorResult, ...]


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """A demand that gains or loses: in a year, and by the tonne that wants to move."""

    demand: str
    origin: str
    destination: str
    commodity: str
    gain: float
    per_tonne: float


@dataclass(frozen=True, slots=True)
class FaceResult:
    """What all cargo of a kind that leaves a country bears less in the last year worked out, by the tonne.

    ``form`` is a group of forms, ``load`` the mean tonnes of one; ``tonnes`` want to move in the year and ``more`` of
    them do than without; ``users`` and ``reliability`` are EUR a tonne that wants to move.
    """

    country: str
    form: str
    year: int
    load: Tonnes
    tonnes: Tonnes
    more: Tonnes
    users: float
    reliability: float


@dataclass(frozen=True, slots=True)
class NameResult:
    """What an id of the answer is called in English and in Russian."""

    id: str
    name: str
    name_ru: str


@dataclass(frozen=True, slots=True)
class TrainsResult:
    """Trains of others that a railway helps [pairs a day], and how many would make it pay, if any number does."""

    pairs: float
    low: float
    high: float
    counted: bool
    break_even: float | None


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """A project, or several together, against the case without.

    ``lacks`` is what a project that does not pay would have to give more in every year from its opening on [EUR].
    ``affordable`` is the present value of all that a project without a known cost gives: the most that it may cost.
    Both are without reliability.
    """

    id: str
    name: str
    name_ru: str
    role: str
    kind: str
    status: str
    years: tuple[int, ...]
    opens: int | None
    lines: tuple[LineResult, ...]
    npv: float | None
    npv_reliable: float | None
    lacks: float | None
    affordable: float | None
    roots: Series
    rate_flag: str
    bcr: float | None
    payback: float | None
    anchors: tuple[AnchorResult, ...]
    by_actor: tuple[ShareResult, ...]
    by_country: tuple[ShareResult, ...]
    by_commodity: tuple[ShareResult, ...]
    perspectives: tuple[ShareResult, ...]
    legs: tuple[LegResult, ...]
    debts: tuple[DebtResult, ...]
    finance: FinanceResult | None
    examples: tuple[ExampleResult, ...]
    trains: TrainsResult | None
    notes: tuple[str, ...]
    notes_ru: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PointResult:
    """A section at one traffic, roughness and cost: what it is worth, and the rate it earns."""

    aadt: float
    rough: Metric
    cost: float
    npv: float
    roots: Series


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Vehicles a day of today from which on a section pays at a rate, at any more of them; None: at no traffic.

    ``first`` is the least traffic at which it pays. Where it is less than ``aadt``, or there is no ``aadt``, the net
    present value crosses zero more than once: overlays come at other times with more traffic, without and with.
    """

    rate: Share
    cost: float
    aadt: float | None
    first: float | None


@dataclass(frozen=True, slots=True)
class SectionResult:
    """A section of road, whole: a table over what nobody has counted, and the traffic at which it pays.

    ``surface`` is that of today: a paved road gets overlays without the works too, and one that is rough gets them
    sooner; a track stays as it is.
    ``counted`` of the ``aadt`` vehicles a day have been counted; the others are assumed. ``corridor_gain`` is the
    present value of what the vehicles of the corridor save on it.
    """

    id: str
    name: str
    name_ru: str
    km: Km
    cost: float
    announced: float | None
    aadt: float
    aadt_low: float
    aadt_high: float
    corridor: Share
    break_even: tuple[BreakEven, ...]
    grid: tuple[PointResult, ...]
    first: int
    surface: str
    lines: tuple[LineResult, ...]
    counted: float
    corridor_gain: float


@dataclass(frozen=True, slots=True)
class RungResult:
    """A rung of a port's ladder [TEU a year, both ways].

    ``year`` and ``source`` are those of what was counted or worked out for one year.
    """

    name: str
    teu: float
    words: str
    year: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class LadderResult:
    """The ladder of a port, the cranes and TEU of a box that it counts with, and the check by hand."""

    id: str
    place: str
    rungs: tuple[RungResult, ...]
    cranes: float
    teu_box: float
    hours: Hours
    cycle: Hours
    more: Share
    teu: float


@dataclass(frozen=True, slots=True)
class BindingResult:
    """How often something holds cargo back, by month: the share of runs."""

    limit: str
    name: str
    kind: str
    case: str
    year: int
    months: Series


@dataclass(frozen=True, slots=True)
class ResponseResult:
    """By which factor operators have enlarged a fleet or another resource in a year, without and with all projects."""

    year: int
    fleet: str
    without: float
    within: float


@dataclass(frozen=True, slots=True)
class SpreadResult:
    """How a net present value spreads over draws; tails and probability are None where there are too few of them."""

    id: str
    draws: int
    p5: float | None
    p50: float
    p95: float | None
    positive: Share | None
    values: Series


@dataclass(frozen=True, slots=True)
class CauseResult:
    """How much of the spread one group of causes makes: Sobol indices with intervals, rank correlation.

    The indices are None where there are too few draws for them, the total one also where a surrogate cannot carry it.
    """

    name: str
    words: str
    first: float | None
    first_low: float | None
    first_high: float | None
    total: float | None
    rank: float


@dataclass(frozen=True, slots=True)
class RiskResult:
    """Draws: what they say of each project, what causes it, and how well the surrogate of the indices does.

    ``notes`` say what is left out, and why.
    """

    spreads: tuple[SpreadResult, ...]
    causes: tuple[CauseResult, ...]
    surrogate_error: Share | None
    unsettled: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairResult:
    """Two projects together against each alone; above zero they help one another."""

    first: str
    second: str
    synergy: float


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """A project in a portfolio: alone, taken out of all, and its mean over all orders (Shapley).

    ``shapley`` and ``chosen`` are None where only single projects and all of them were worked out, and none was chosen.
    """

    id: str
    cost: float
    alone: float
    taken_out: float
    shapley: float | None
    chosen: bool | None
    name: str = ""
    name_ru: str = ""


@dataclass(frozen=True, slots=True)
class UnpricedResult:
    """A project whose cost nobody published: the present value of what it gives, the most that it may cost."""

    id: str
    name: str
    name_ru: str
    value: float


@dataclass(frozen=True, slots=True)
class RegretResult:
    """The chosen set under a scenario: its value, the best of the sets looked at, and what that one gives more."""

    scenario: str
    value: float
    best: tuple[str, ...]
    regret: float


@dataclass(frozen=True, slots=True)
class StartResult:
    """A chosen project begun later, the others as they are: what it adds to them by year of opening, and the best."""

    project: str
    opens: tuple[int, ...]
    values: Series
    best: int


@dataclass(frozen=True, slots=True)
class PortfolioResult:
    """Which projects to take together, under a budget.

    ``value`` is that of the chosen set, computed in full; ``by_pairs`` what its projects give alone and two by two.
    They are None where none was chosen.
    """

    budget: float | None
    spent: float | None
    value: float | None
    by_pairs: float | None
    all_value: float
    places: tuple[PlaceResult, ...]
    pairs: tuple[PairResult, ...]
    regrets: tuple[RegretResult, ...]
    starts: tuple[StartResult, ...]
    sets: int
    unpriced: tuple[UnpricedResult, ...] = ()


TOGETHER = "all-together"
"""The name of all measures of a project together, among them."""


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """What one measure of a project gives alone in the last year worked out, or all of them together."""

    project: str
    measure: str
    users: float
    reliability: float
    operators: float
    tonnes: Tonnes
    gap: float


@dataclass(frozen=True, slots=True)
class UnderResult:
    """What a project is worth when a scenario holds in both cases.

    ``tonnes`` move more in the last year worked out; ``waiting`` still waits when it ends without.
    """

    scenario: str
    name: str
    project: str
    npv: float
    npv_reliable: float | None
    roots: Series
    bcr: float | None
    tonnes: Tonnes
    waiting: Tonnes
    gap: float


@dataclass(frozen=True, slots=True)
class WiderResult:
    """A wider effect of a project, beside its net present value and never in it.

    ``trade``: mean ``days`` saved by goods worth ``base`` EUR that cross a border in a year, times a published
    ``coefficient``, is the ``value`` [EUR a year] of trade more, which is no gain in welfare. ``funds``: what it costs
    to raise public money of a present value of ``base``, at a published ``coefficient`` beside each euro.
    """

    project: str
    effect: str
    year: int | None
    days: float | None
    base: float
    coefficient: float
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class RateResult:
    """A discount rate of an institution, and whether it has a source."""

    id: str
    institution: str
    institution_ru: str
    rate: Share
    sourced: bool


@dataclass(frozen=True, slots=True)
class AtRate:
    """The net present value of a project at a rate."""

    project: str
    rate: Share
    npv: float


@dataclass(frozen=True, slots=True)
class AssumptionResult:
    """A value nobody published that the answer rests on, with its range and reason.

    ``attribute`` says which value of the row ``id`` of ``table`` it is, of ``unit_values`` the id without its year;
    ``name`` is what the value is of; of ``changes`` ``changed`` is the table and attribute that the row changes. A
    value that is no number is NaN.
    """

    table: str
    id: str
    attribute: str
    name: str
    name_ru: str
    value: float
    unit: str
    low: float | None
    high: float | None
    reason: str
    reason_ru: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class WayResult:
    """A way of a shipment, without or with the projects: hours to the tenth, fiftieth, ninetieth arrival; costs.

    ``sought`` ways are the best over the gateways that the shipment names, and the best there at a through rate.
    """

    case: str
    label: str
    p10: Hours
    p50: Hours
    p90: Hours
    price: float
    logistics: float
    assumed: Share
    co2e: KgCO2e
    causes: tuple[ShareResult, ...]
    sought: bool = False


@dataclass(frozen=True, slots=True)
class ShipmentResult:
    """A shipment door to door, by the ways that cost least with time and insurance.

    ``via`` names the gateways over which the best way stands among them wherever it ranks.
    """

    origin: str
    destination: str
    cargo: str
    commodity: str
    ways: tuple[WayResult, ...]
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Appraisal:
    """The answer to ``appraise``.

    ``assumptions`` are those of the appraisal itself; ``likely`` is where cost, date and effect are likelier to come
    out than as announced, by unit value.
    """

    package: str
    name: str
    name_ru: str
    rate: Share
    rate_id: str
    price_year: int
    base_year: int
    anchor_years: tuple[int, ...]
    minimum: tuple[str, ...]
    minimum_ru: tuple[str, ...]
    responses: tuple[ResponseResult, ...]
    projects: tuple[ProjectResult, ...]
    together: ProjectResult | None
    sections: tuple[SectionResult, ...]
    ladders: tuple[LadderResult, ...]
    binding: tuple[BindingResult, ...]
    rates: tuple[RateResult, ...]
    at_rates: tuple[AtRate, ...]
    risk: RiskResult | None
    portfolio: PortfolioResult | None
    assumptions: tuple[AssumptionResult, ...]
    likely: tuple[ShareResult, ...]
    measures: tuple[MeasureResult, ...]
    under: tuple[UnderResult, ...]
    wider: tuple[WiderResult, ...]
    shipments: tuple[ShipmentResult, ...]
    counts: tuple[Counted, ...]
    faces: tuple[FaceResult, ...]
    names: tuple[NameResult, ...]
    notes: tuple[str, ...]
    corridor_id: str
    run_id: str

    def _header(self) -> tuple[str, ...]:
        return ("project", "NPV, EUR m", "EIRR", "BCR")

    def _cells(self) -> list[tuple[str, ...]]:
        every = (*self.projects, *((self.together,) if self.together else ()))
        return [(p.name, _millions(p.npv), _rates(p), "n/a" if p.bcr is None else f"{p.bcr:.2f}") for p in every]

    def __repr__(self) -> str:
        return aligned(self._header(), self._cells(), frozenset({1, 2, 3}))

    def _repr_html_(self) -> str:
        return html(self._header(), self._cells())


def _millions(value: float | None) -> str:
    return "n/a" if value is None else f"{value / 1e6:+,.1f}"


def _rates(project: ProjectResult) -> str:
    if project.npv is None:
        return "n/a"
    return ", ".join(f"{100 * r:.1f} %" for r in project.roots) or "none"
