"""This module owns the runs of an appraisal: each year without and with some projects, solved once."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from transcaspian.appraisal.gains import Gains, gains_of
from transcaspian.appraisal.terms import Terms
from transcaspian.assignment.answer import barred_longer, conditions_of, longer_than
from transcaspian.assignment.flows import Model, Pivot, Solution, model_of, pivot_of, pivoted
from transcaspian.assignment.income import income_of
from transcaspian.assignment.journeys import journeys_of
from transcaspian.assignment.kept import Memory, differ
from transcaspian.assignment.response import NONE, Means, enlarged
from transcaspian.assignment.settle import responded
from transcaspian.assignment.welfare import Reader
from transcaspian.model.change import Change
from transcaspian.model.corridor import Corridor
from transcaspian.model.scenario import BASE, Scenario, apply_each
from transcaspian.network import Network, compile_network, months
from transcaspian.results.flows import Condition
from transcaspian.results.income import Income
from transcaspian.results.journeys import Journeys
from transcaspian.results.welfare import Welfare
from transcaspian.study.assign import LONGEST_JOURNEY

Progress = Callable[[str], None]

Found = Mapping[tuple[int, tuple[str, ...]], Welfare]
"""Years as welfare, by year and projects."""


@dataclass
class Runs:
    """The runs of a question, each made once: without and with, for every anchor year."""

    corridor: Corridor
    minimum: Scenario
    changes: MutableMapping[str, Sequence[Change]]
    terms: Terms
    respond: bool
    progress: Progress
    years: Sequence[int] = ()
    memories: dict[tuple[int, tuple[str, ...]], Memory] = field(default_factory=dict)
    raws: dict[tuple[int, tuple[str, ...]], Model] = field(default_factory=dict)
    matters: dict[tuple[int, str], bool] = field(default_factory=dict)
    _networks: dict[tuple[int, tuple[str, ...]], tuple[Network, Corridor]] = field(default_factory=dict)
    _models: dict[tuple[int, tuple[str, ...]], tuple[Model, Reader]] = field(default_factory=dict)
    _solved: dict[tuple[int, tuple[str, ...]], Solution] = field(default_factory=dict)
    _factors: dict[tuple[int, tuple[str, ...]], dict[str, float]] = field(default_factory=dict)
    _welfare: dict[tuple[int, tuple[str, ...]], Welfare] = field(default_factory=dict)
    _gains: dict[tuple[int, tuple[str, ...], tuple[str, ...]], Gains] = field(default_factory=dict)

    def apart(self) -> "Runs":
        """Return the same runs, in which further ones leave nothing behind here.

        So what they give is the same whatever else is run, here or beside.
        """
        other = copy(self)  # with the base year, which is worked out before anything is set apart
        base, judged = self.judged
        families, shares = dict(judged.families), dict(judged.shares)
        other.__dict__["judged"] = base, judged.apart(families, shares)
        other.memories = {key: memory.apart(families, shares) for key, memory in self.memories.items()}
        for name in ("raws", "matters", "_networks", "_models", "_solved", "_factors", "_welfare", "_gains"):
            setattr(other, name, dict(getattr(self, name)))
        return other

    @cached_property
    def judged(self) -> tuple[Model, Memory]:
        """The base year, with nothing changed, and what it judged once for all years."""
        self.progress(f"base year {self.corridor.base_year}")
        memory = Memory()
        year = self.corridor.base_year
        return model_of(*self._compiled(year, Scenario(BASE)), year, memory), memory

    @property
    def base(self) -> Model:
        """The base year, with nothing changed."""
        return self.judged[0]

    @cached_property
    def pivot(self) -> Pivot:
        """The base year as it was."""
        return pivot_of(self.base)

    def raw(self, year: int, projects: tuple[str, ...]) -> Model:
        """Return the model of a year with some projects, not yet set against the pivot."""
        key = (year, projects)
        if key not in self.raws:
            if projects:  # the year without is what others are compared with
                self.raw(year, ())
            self.progress(f"{year}, {' and '.join(projects) or 'without'}")
            memory = self._memory(year, projects)
            self.raws[key] = model_of(*self._network(year, projects), year, memory)
        return self.raws[key]

    def _memory(self, year: int, projects: tuple[str, ...]) -> Memory:
        """Return the memory that choice sets are kept in: that of the projects in a set that they hang on.

        So it is the same whatever was run before. All other projects change what no choice set reads.
        """
        frame = self._frame(year, projects)
        if frame and frame != projects:
            self.raw(year, frame)
        if (year, frame) not in self.memories:
            alone = frame if len(frame) > 1 else ()
            for project in alone:
                self.raw(year, (project,))
            parts = (self.memories[year, (project,)] for project in alone)
            above = self._memory(year, ()).below(*parts) if frame else self.judged[1].for_another_year()
            self.memories[year, frame] = above
        return self.memories[year, frame]

    def _frame(self, year: int, projects: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of some projects that choice sets hang on."""
        return tuple(p for p in projects if self._matters(year, p))

    def frame(self, years: Sequence[int], sets: Sequence[tuple[str, ...]]) -> None:
        """Make the choice sets that further ones of some years and sets of projects are kept from."""
        for year in years:
            for projects in sets:
                self.raw(year, self._frame(year, projects))

    def _matters(self, year: int, project: str) -> bool:
        """Return whether choice sets hang on a project."""
        if (year, project) not in self.matters:
            self.matters[year, project] = differ(self._network(year, ()), self._network(year, (project,)))
        return self.matters[year, project]

    def _network(self, year: int, projects: tuple[str, ...]) -> tuple[Network, Corridor]:
        if (year, projects) not in self._networks:
            own = tuple(change for p in projects for change in self.changes.get(p, ()))
            self._networks[year, projects] = self._compiled(year, Scenario("with", self.minimum.changes + own))
        return self._networks[year, projects]

    def _compiled(self, year: int, scenario: Scenario) -> tuple[Network, Corridor]:
        window = months(date(year, 1, 1), 12, LONGEST_JOURNEY)
        days = [period.date() for period in window.periods]
        states = apply_each(self.corridor, scenario, days, window.end.date())
        return compile_network(states[0], window, states[1:]), states[0]

    def solved(self, year: int, projects: tuple[str, ...]) -> tuple[Reader, Solution]:
        """Return a year with some projects, solved from where the year without them ended."""
        key = (year, projects)
        if key not in self._solved:
            model, begin = pivoted(self.raw(year, projects), self.pivot)
            had: dict[str, float] = {}
            if projects:
                _, before = self.solved(year, ())
                begin = before.wait if before.wait.shape == begin.shape else begin
                had = dict(self._factors[year, ()])
            else:
                for earlier in [y for y in self.years if y < year][-1:]:
                    had = dict(self.factors(earlier))  # what was bought is there
            solution, factors = responded(model, begin, self._means(year), had)
            model, self._factors[key] = enlarged(model, factors), factors
            self._models[key], self._solved[key] = (model, Reader(model)), solution
        return self._models[key][1], self._solved[key]

    def _means(self, year: int) -> Means:
        """Return what operators can do by a year."""
        if not self.respond:
            return NONE
        bought = (1.0 + self.terms.value("operator-cap")) ** (year - self.corridor.base_year) - 1.0
        return Means(bought, self.terms.value("operator-charter"), self.terms.value("operator-use"))

    def gains(self, year: int, projects: tuple[str, ...], beside: tuple[str, ...] = ()) -> Gains:
        """Return what some projects give in a year over others that are there in any event."""
        key = (year, projects, beside)
        if key not in self._gains:
            self._gains[key] = gains_of(self.welfare(year, beside), self.welfare(year, projects))
        return self._gains[key]

    def welfare(self, year: int, projects: tuple[str, ...]) -> Welfare:
        """Return a year with some projects as welfare."""
        key = (year, projects)
        if key not in self._welfare:
            reader, solution = self.solved(year, projects)
            self._welfare[key] = reader.welfare(solution, year)
        return self._welfare[key]

    def all_welfare(self, years: Sequence[int], sets: Sequence[tuple[str, ...]]) -> Found:
        """Return the welfare of several years with several sets of projects."""
        return {(year, projects): self.welfare(year, projects) for year in years for projects in sets}

    def learn(self, found: Found) -> None:
        """Take over welfare that was worked out elsewhere."""
        self._welfare.update(found)

    def income(self, year: int, projects: tuple[str, ...], operator: str) -> tuple[Income, Income]:
        """Return what an operator takes in a year without and with some projects."""
        (reader, before), (own, after) = self.solved(year, ()), self.solved(year, projects)
        return income_of(reader.model, before, operator, year), income_of(own.model, after, operator, year)

    def journeys(self, year: int, projects: tuple[str, ...]) -> tuple[Journeys, Journeys]:
        """Return how long cargo is under way in a year without and with some projects."""
        (reader, before), (own, after) = self.solved(year, ()), self.solved(year, projects)
        return journeys_of(reader.model, before, year), journeys_of(own.model, after, year)

    def conditions(self, year: int, projects: tuple[str, ...]) -> tuple[Condition, ...]:
        """Return how long cargo waits in a year with some projects, where that is not as in the base year."""
        reader, solution = self.solved(year, projects)
        longer = longer_than(self.pivot, reader.model, solution)
        return tuple(conditions_of(reader.model, longer, barred_longer(self.pivot, reader.model, solution)))

    def factors(self, year: int, projects: tuple[str, ...] = ()) -> Mapping[str, float]:
        """Return by how much operators have enlarged each vehicle limit by a year with some projects."""
        self.solved(year, projects)
        return self._factors[year, projects]
