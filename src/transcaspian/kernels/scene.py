"""This module owns what the event kernel works on: the plan, the state, the heap of events, drawn times and calendars.

Both are structured arrays, whose columns are given with their types below. ``kernels.events`` says what they mean.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.cache import lean, lean_inline
from transcaspian.kernels.draws import lognormal, mix, normal

DELAY, SERVE, GATE, RIDE, JUMP, KEEP = 0, 1, 2, 3, 4, 5
"""Kinds of activities."""

FIXED, EXPONENTIAL, LOGNORMAL, LOADING, UNLOADING = 0, 1, 2, 3, 4
"""Laws of times: without spread; exponential; a least time and a lognormal rest; a vehicle's work on its cargo."""

BLOCKS, LOSES = 0, 1
"""What a full queue does to a lot: it stays where it is, and keeps its server; or it is lost."""

FINISHES, STOPS = 0, 1
"""What a closing calendar does to work in hand."""

FILL, HEADWAY, TIMETABLE = 0, 1, 2
"""When a vehicle leaves: when loaded or when the longest wait is over; a time after the last; at set times."""

DONE, PAUSED, RECORDS_FULL, TRIPS_FULL, SLOTS_FULL, HEAP_FULL, STUCK, OVERRUNS = range(8)
"""Status: all is past; the budget is spent; an array must grow before it goes on; lots wait for ever; an array was
too small for what happened at one moment, and the state is lost."""

MARGIN = 512
"""Free places that records, trips, lots and heap must have before anything happens."""

LEVELS = 4
"""Ranks of priority at a station; 0 goes first."""

CAUSES = 11
"""Columns of what a lot's time was spent on; which is which is said by the activities."""

IN_REPAIR = 9
"""The cause under which a vehicle's own calendar is booked; the others are given by the activities."""

FOREVER = 1e18
"""A time that does not come."""

LAP = 1 << 20
"""Added to the visits of a lot that begins some activities again: what it draws then is new."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)

ACTIVITY = np.dtype(
    [
        ("key", "u8"),  # for draws
        ("mean", "f8"),  # h; JUMP: probability of going on at the target
        ("scv", "f8"),
        ("least", "f8"),  # shortest time, as a share of the mean
        ("room", "f8"),  # RIDE: share of a vehicle it takes
        ("load", "f8"),  # RIDE: h of loading it adds to the vehicle's
        ("unload", "f8"),  # RIDE: h of unloading
        ("target", "i4"),  # station, calendar or leg; JUMP: activity
        ("kind", "i1"),
        ("law", "i1"),
        ("waits", "i1"),  # cause that its waiting is booked under
        ("works", "i1"),  # cause that its work is booked under
        ("sort", "i2"),  # what a station is set up for
        ("rank", "i2"),  # row of ranks that it waits by
    ],
    align=True,
)
ROUTE = np.dtype([("first", "i4"), ("end", "i4"), ("again", "i1"), ("kept", "i1")], align=True)
STATION = np.dtype(
    [
        ("setup", "f8"),  # h when the sort changes
        ("servers", "i4"),
        ("buffer", "i4"),  # places to wait, -1 unlimited
        ("calendar", "i4"),  # -1 always open
        ("batch_least", "i4"),
        ("batch_most", "i4"),
        ("full", "i1"),  # BLOCKS or LOSES
        ("closing", "i1"),  # FINISHES or STOPS
        # what changes:
        ("wakes", "f8"),
        ("sorted", "i4"),  # what it is set up for, -1 nothing yet
        ("busy", "i4"),
        ("waiting", "i4"),
        ("blocked_head", "i4"),
        ("blocked_tail", "i4"),
        ("head", "i4", (LEVELS,)),
        ("tail", "i4", (LEVELS,)),
    ],
    align=True,
)
SOURCE = np.dtype(
    [("key", "u8"), ("scv", "f8"), ("begin", "f8"), ("most", "i8"), ("made", "i8"), ("route", "i4"), ("law", "i1")],
    align=True,
)
LEG = np.dtype(
    [
        ("key", "u8"),
        ("fill", "f8"),  # share of a vehicle
        ("longest", "f8"),  # h
        ("headway", "f8"),  # h
        ("scv", "f8"),  # of the headway
        ("fleet", "i4"),
        ("origin", "i4"),  # node
        ("destination", "i4"),
        ("route", "i4"),  # of the vehicle
        ("slot_first", "i4"),  # set departures: slots[slot_first:slot_end]
        ("slot_end", "i4"),
        ("rule", "i1"),
        # what changes:
        ("load", "f8"),  # that waits, in vehicles
        ("slot", "f8"),  # HEADWAY, TIMETABLE: next departure
        ("left", "f8"),  # last departure
        ("carried", "f8"),  # in vehicles
        ("count", "i8"),  # departures
        ("head", "i4"),
        ("tail", "i4"),
        ("called", "i4"),  # vehicles on their way to it empty
        ("number", "i4"),  # of the set departure
        ("shallow", "f8"),  # vehicles that could not be loaded, over all departures
        ("stood", "f8"),  # h that vehicles stood before they left
        ("ran", "f8"),  # h from leaving to the end of the run
        ("spent", "f8", (CAUSES,)),  # h of the runs, by cause
    ],
    align=True,
)
FLEET = np.dtype(
    [
        ("leg_first", "i4"),  # its legs are turns[leg_first:leg_end], in turn
        ("leg_end", "i4"),
        ("by_demand", "i1"),
        ("endless", "i1"),  # vehicles never run out, and have room for all
    ],
    align=True,
)
DISPATCH = np.dtype([("time", "f8"), ("luck", "u8"), ("route", "i4")], align=True)
VEHICLE = np.dtype([("luck", "u8"), ("fleet", "i4"), ("node", "i4"), ("turn", "i4"), ("calendar", "i4")], align=True)

LOT = np.dtype(
    [
        # what every event of a lot looks at, side by side: a year's lots are more than a processor's caches hold
        ("luck", "u8"),
        ("asked", "f8"),
        ("began", "f8"),
        ("at", "i4"),  # activity
        ("mate", "i4"),  # in its batch, or aboard
        ("route", "i4"),
        ("holds", "i4"),  # station whose server it keeps, -1 none
        ("takes", "i4"),  # station of which it takes a server along until its route ends, -1 none
        ("visit", "i4"),  # activities begun
        ("vehicle", "i4"),  # -1 cargo; else its place in the vehicles, or endless vehicles' fleet
        ("next", "i4"),  # in whatever list it is
        ("spent", "f8", (CAUSES,)),  # h, by cause
        # the rest:
        ("ended", "f8"),
        ("serial", "i8"),
        ("trip", "i4"),
        ("leg", "i4"),  # vehicles: leg being run, -1 none; -2 going empty to a node
        ("node", "i4"),
        ("turn", "i4"),
        ("loading", "f8"),  # vehicles: h of loading what is aboard
        ("unloading", "f8"),
        ("room", "f8"),
        ("since", "f8"),  # vehicles: standing since
        ("aboard", "i4"),  # first lot aboard
    ],
    align=True,
)
TALLY = np.dtype(
    [
        ("work", "f8"),  # h that servers were kept
        ("able", "f8"),  # h that servers could work: all while it is open, those still at work while it is shut
        ("queue", "f8"),  # lots x h in the queue; of a leg vehicle loads x h
        ("booked", "f8"),  # h, the time up to which the three above are booked
        ("wait", "f8"),  # h waited
        ("wait2", "f8"),  # h^2
        ("served", "i8"),
        ("lost", "i8"),
        ("longest", "f8"),  # queue
    ],
    align=True,
)
RECORD = np.dtype(
    [
        ("asked", "f8"),
        ("began", "f8"),
        ("ended", "f8"),
        ("lot", "i4"),
        ("activity", "i4"),
        ("trip", "i4"),
        ("route", "i4"),
    ],
    align=True,
)
TRIP = np.dtype(
    [
        ("ready", "f8"),
        ("left", "f8"),
        ("arrived", "f8"),
        ("room", "f8"),
        ("leg", "i4"),  # -2 - leg: without cargo to where a leg begins
        ("vehicle", "i4"),
        ("node", "i4"),  # where it left
    ],
    align=True,
)


EVENT = np.dtype([("time", "f8"), ("what", "i8")], align=True)
"""``what``, from its highest bits: kind, number in the order of creation, index; so it decides between equal times."""
HOURS = np.dtype([("opens", "f8"), ("closes", "f8")], align=True)


class Plan(NamedTuple):
    """What is simulated; it holds still."""

    activities: NDArray[Any]
    routes: NDArray[Any]
    fleets: NDArray[Any]
    turns: NDArray[np.int32]  # legs of the fleets in turn
    empty: NDArray[np.float64]  # (node, node) h of an empty run
    slots: NDArray[np.float64]  # h, set departures
    dispatches: NDArray[Any]  # sorted by time
    vehicles: NDArray[Any]
    open_first: NDArray[np.int32]  # (calendar + 1,)
    hours: NDArray[Any]  # intervals of the calendars, sorted
    edges: NDArray[np.float64]  # (period + 1,) h
    monthly: NDArray[np.float64]  # (row, period) see monthly
    gaps: int  # first row of each
    rooms: int
    ranks: int
    mirror: bool  # antithetic: every drawn share u is 1 - u


def monthly(pace: Any, gap: Any, room: Any, ranks: Any) -> dict[str, Any]:
    """Return what a plan holds of every period, in one array: each array more makes every call of a kernel slower.

    Parameters
    ----------
    pace : (station, period) factor on times of service
    gap : (source, period) h between arrivals
    room : (leg, period) share of a vehicle that may be loaded
    ranks : (row, period) rank of who waits, below ``LEVELS``
    """
    rows = np.concatenate([np.asarray(part, np.float64) for part in (pace, gap, room, ranks)])
    first = len(pace), len(pace) + len(gap), len(pace) + len(gap) + len(room)
    return {"monthly": rows, **dict(zip(("gaps", "rooms", "ranks"), first, strict=True))}


class State(NamedTuple):
    """Where the simulation is; written by ``start`` and ``advance`` alone."""

    clock: NDArray[np.float64]  # (1,) h
    counts: NDArray[np.int64]  # (COUNTS,)
    lots: NDArray[Any]  # dispatches, then vehicles, then room for those that sources make
    stations: NDArray[Any]
    sources: NDArray[Any]
    legs: NDArray[Any]
    tally: NDArray[Any]  # (station + leg, period)
    idle: NDArray[np.int32]  # (node + leg, 2) first and last vehicle that stands there
    heap: NDArray[Any]
    todo: NDArray[np.int64]  # what must be done at this very moment
    records: NDArray[Any]
    trips: NDArray[Any]


COUNTS = 13
(
    DISPATCHED,
    HEAPED,
    SEQUENCE,
    FREE,
    RECORDED,
    TRIPS,
    PERIOD,
    PENDING,
    LIVE,
    EVENTS,
    FINISHED,
    OVERRUN,
    SPARE,
) = range(COUNTS)
"""What the counts count."""

END, VEHICLE_TIMER, SOURCE_NEXT, WAKE, LEG_TIMER = 0, 1, 2, 3, 4
"""Kinds of events, in order of priority at one time."""

NUMBER_AT, KIND_AT = 26, 60
INDEX = (1 << NUMBER_AT) - 1
"""Bits of what an event is: no machine holds 67 million lots, and nobody waits for 17 billion events."""

KIND = 1 << 40
"""Things to do are a kind x this + an index."""

STEP, RELEASE = 0, 1
"""Kinds of things to do: begin what a lot has come to; let a server go."""

ENDLESS = 1 << 30
"""Number of a vehicle of a fleet that never runs out."""


@lean_inline
def push(s: State, time: float, kind: int, index: int) -> None:
    """Put an event on the heap, in which each has four below it: half as many steps as with two."""
    heap, at = s.heap, np.uint64(s.counts[HEAPED])
    s.counts[HEAPED] += 1
    s.counts[SEQUENCE] += 1
    what = (np.int64(kind) << KIND_AT) + (s.counts[SEQUENCE] << NUMBER_AT) + index
    while at > 0:
        up = (at - np.uint64(1)) >> np.uint64(2)
        if not before(time, what, heap[up]):
            break
        heap[at]["time"], heap[at]["what"] = heap[up]["time"], heap[up]["what"]
        at = up
    heap[at]["time"], heap[at]["what"] = time, what


@lean_inline
def before(time: float, what: Any, other: Any) -> bool:
    """Return whether an event comes before another."""
    if time == other["time"]:
        return bool(what < other["what"])
    return bool(time < other["time"])


@lean_inline
def first_of(heap: Any, low: Any, end: Any) -> Any:
    """Return the place of the first event of some neighbours in the heap."""
    for other in range(low + np.uint64(1), end):
        if before(heap[other]["time"], heap[other]["what"], heap[low]):
            low = other
    return low


@lean_inline
def first_of_four(heap: Any, low: Any) -> Any:
    """Return the place of the first of four events, found without a branch: no processor guesses which it is."""
    high = low + np.uint64(2)
    a, b = heap[low]["time"], heap[low + np.uint64(1)]["time"]
    c, d = heap[high]["time"], heap[high + np.uint64(1)]["time"]
    left, right = min(a, b), min(c, d)
    if (a == b) | (c == d) | (left == right):  # seldom
        return first_of(heap, low, low + np.uint64(4))
    low, high = low + np.uint64(b < a), high + np.uint64(d < c)
    return high if right < left else low


@lean_inline
def pop(s: State) -> int:
    """Take the first event off the heap and return what it is; the clock is set to its time."""
    heap = s.heap
    first = heap[0]["what"]
    s.clock[0] = heap[0]["time"]
    s.counts[HEAPED] -= 1
    n = np.uint64(s.counts[HEAPED])
    time, what = heap[n]["time"], heap[n]["what"]
    at = np.uint64(0)
    while True:
        low = (at << np.uint64(2)) + np.uint64(1)
        if low + np.uint64(3) < n:
            low = first_of_four(heap, low)
        elif low < n:
            low = first_of(heap, low, n)
        else:
            break
        if before(time, what, heap[low]):
            break
        heap[at]["time"], heap[at]["what"] = heap[low]["time"], heap[low]["what"]
        at = low
    heap[at]["time"], heap[at]["what"] = time, what
    return int(first)


@lean_inline
def do(s: State, kind: int, index: int) -> None:
    """Note something to do at this moment."""
    n = s.counts[PENDING]
    s.todo[n] = np.int64(kind) * KIND + index
    s.counts[PENDING] = n + 1


@lean_inline
def share(p: Plan, key: Any, luck: Any, visit: int) -> float:
    """Return a number in (0, 1) for one visit of a lot to an activity."""
    word = mix(np.uint64(key) ^ (np.uint64(luck) + np.uint64(visit) * GOLDEN))
    u = (float(word >> np.uint64(11)) + 0.5) / 9007199254740992.0
    return 1.0 - u if p.mirror else u


@lean_inline
def drawn(law: int, mean: float, scv: float, least: float, u: float) -> float:
    """Return the time of a law at a share ``u``."""
    if law == EXPONENTIAL:
        return -mean * math.log(u)
    if law == FIXED or scv <= 0.0 or mean <= 0.0:
        return mean
    low = least * mean
    rest = mean - low
    if rest <= 0.0:
        return mean
    return low + spread(rest, scv * mean * mean / (rest * rest), u)


@lean
def spread(mean: float, scv: float, u: float) -> float:
    """Return the lognormal time at a share ``u``; apart, as its code is long and drawing is everywhere."""
    return float(lognormal(mean, scv, normal(u)))


@lean_inline
def lasts(p: Plan, s: State, lot: int) -> float:
    """Return how long the activity of a lot takes."""
    row, a = s.lots[lot], p.activities[s.lots[lot]["at"]]
    law, mean = a["law"], a["mean"]
    if law == FIXED:
        return float(mean)
    if law == LOADING:
        mean, law = mean + row["loading"], LOGNORMAL
    elif law == UNLOADING:
        mean, law = mean + row["unloading"], LOGNORMAL
    return drawn(law, mean, a["scv"], a["least"], share(p, a["key"], row["luck"], row["visit"]))


@lean
def interval(p: Plan, calendar: int, t: float) -> int:
    """Return the first interval of a calendar that closes after ``t``; one past its last if none does."""
    low, high = p.open_first[calendar], p.open_first[calendar + 1]
    while low < high:
        middle = (low + high) // 2
        if p.hours[middle]["closes"] > t:
            high = middle
        else:
            low = middle + 1
    return int(low)


@lean
def next_open(p: Plan, calendar: int, t: float) -> float:
    """Return the first time from ``t`` on at which a calendar is open."""
    if calendar < 0:
        return t
    at = interval(p, calendar, t)
    if at == p.open_first[calendar + 1]:
        return FOREVER
    return max(t, float(p.hours[at]["opens"]))


@lean
def worked_by(p: Plan, calendar: int, t: float, hours: float) -> float:
    """Return when work that begins at ``t`` and stops while a calendar is closed is done."""
    at = interval(p, calendar, t)
    while at < p.open_first[calendar + 1]:
        begin = max(t, float(p.hours[at]["opens"]))
        if begin + hours <= p.hours[at]["closes"]:
            return begin + hours
        hours -= p.hours[at]["closes"] - begin
        at += 1
    return FOREVER


@lean
def open_hours(p: Plan, calendar: int, begin: float, end: float) -> float:
    """Return the hours between two times in which a calendar is open."""
    at, found = interval(p, calendar, begin), 0.0
    while at < p.open_first[calendar + 1] and p.hours[at]["opens"] < end:
        found += min(end, float(p.hours[at]["closes"])) - max(begin, float(p.hours[at]["opens"]))
        at += 1
    return found


@lean_inline
def note(p: Plan, s: State, station: int) -> None:
    """Book who waited and worked at a station since it was last noted; to be called before either changes."""
    tally, t = s.tally[station, s.counts[PERIOD]], s.clock[0]
    hours = t - tally["booked"]
    if hours > 0.0:
        place = s.stations[station]
        tally["work"] += place["busy"] * hours
        tally["queue"] += place["waiting"] * hours
        if place["calendar"] < 0:
            tally["able"] += place["servers"] * hours
        else:
            within = open_hours(p, place["calendar"], tally["booked"], t)
            tally["able"] += place["servers"] * within + place["busy"] * (hours - within)
        tally["booked"] = t


@lean_inline
def note_leg(s: State, leg: int) -> None:
    """Book what waited for a leg since it was last noted; to be called before it changes."""
    tally, t = s.tally[s.stations.shape[0] + leg, s.counts[PERIOD]], s.clock[0]
    tally["queue"] += s.legs[leg]["load"] * (t - tally["booked"])
    tally["booked"] = t


@lean
def note_all(p: Plan, s: State) -> None:
    """Book every station and leg."""
    for station in range(s.stations.shape[0]):
        note(p, s, station)
    for leg in range(s.legs.shape[0]):
        note_leg(s, leg)


@lean_inline
def reach(p: Plan, s: State, t: float) -> None:
    """Set the clock; whoever waits over the end of a period waits in both."""
    while s.counts[PERIOD] < p.edges.shape[0] - 2 and t >= p.edges[s.counts[PERIOD] + 1]:
        s.clock[0] = p.edges[s.counts[PERIOD] + 1]
        note_all(p, s)
        s.counts[PERIOD] += 1
        stations = s.stations.shape[0]
        for row in range(s.tally.shape[0]):
            tally = s.tally[row, s.counts[PERIOD]]
            tally["booked"] = s.clock[0]
            tally["longest"] = s.stations[row]["waiting"] if row < stations else s.legs[row - stations]["load"]
    s.clock[0] = t


@lean_inline
def let_go(s: State, lot: int) -> None:
    """Release the server a lot keeps, if it keeps one."""
    station = s.lots[lot]["holds"]
    if station >= 0:
        s.lots[lot]["holds"] = -1
        do(s, RELEASE, station)


@lean
def give_back(s: State, lot: int) -> None:
    """Release the server that a lot has taken along."""
    station = s.lots[lot]["takes"]
    s.lots[lot]["takes"] = -1
    do(s, RELEASE, station)


@lean_inline
def new_slot(s: State) -> int:
    """Return a free place among the lots; -1 if there is none."""
    lot = s.counts[FREE]
    if lot < 0:
        s.counts[OVERRUN] = 1
        return -1
    s.counts[FREE] = s.lots[lot]["next"]
    s.counts[SPARE] -= 1
    row = s.lots[lot]
    row["visit"], row["trip"], row["leg"], row["aboard"], row["mate"] = 0, -1, -1, -1, -1
    return int(lot)


@lean_inline
def leave(p: Plan, s: State, lot: int) -> None:
    """Take a lot out; a place that a source took is free again."""
    row = s.lots[lot]
    row["at"] = -1
    s.counts[LIVE] -= 1
    if lot >= p.dispatches.shape[0] + p.vehicles.shape[0]:
        row["next"] = s.counts[FREE]
        s.counts[FREE] = lot
        s.counts[SPARE] += 1


@lean_inline
def forget(row: Any) -> None:
    """Begin to book a lot's time anew."""
    for cause in range(CAUSES):
        row["spent"][cause] = 0.0


@lean_inline
def keep(p: Plan, s: State, lot: int, trip: int) -> None:
    """Record what a lot has just ended, and book its time."""
    row = s.lots[lot]
    at = row["at"]
    a = p.activities[at]
    spent = row["spent"]
    spent[a["waits"]] += row["began"] - row["asked"]
    if trip < 0:
        spent[a["works"]] += s.clock[0] - row["began"]
    if p.routes[row["route"]]["kept"]:
        n = s.counts[RECORDED]
        if n >= s.records.shape[0]:
            s.counts[OVERRUN] = 1
            return
        record = s.records[n]
        record["asked"], record["began"], record["ended"] = row["asked"], row["began"], s.clock[0]
        record["lot"], record["activity"] = row["serial"], at
        record["trip"] = trip if trip >= 0 else row["trip"]
        record["route"] = row["route"]
        s.counts[RECORDED] = n + 1
