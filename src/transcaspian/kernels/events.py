"""This module owns the event kernel: lots that follow routes through servers, departures and delays.

A *lot* follows a *route*, which is a row of *activities* in series:

- ``DELAY``: takes a time, and nothing else.
- ``SERVE``: waits for a server of a *station*, is served, and keeps the server until the next activity has room.
- ``GATE``: waits until a calendar is open.
- ``RIDE``: waits for a vehicle of a *leg*, and is where the leg ends when the vehicle is.
- ``KEEP``: takes no time; the server that has just been taken is kept until the end of the route, or a vehicle's run.
- ``JUMP``: takes no time; with a probability it goes on at another activity of the route, before or behind.

A vehicle is a lot too: what it does between the two ends of a leg is the leg's own route (loading, waiting for weather,
running, waiting for a berth, unloading), so berths and tracks see cargo and vehicles alike. Vehicles of a *fleet* stand
at *nodes*; a fleet goes round its legs in turn, or goes where most cargo waits.

What happens at one time happens by priority (ends, vehicles, arrivals, timers), then in the order it was made. A number
is drawn as a hash of the activity's key, the lot's and how many activities the lot has begun, so nothing shares a
stream (conventions, section 4). ``advance`` can be called again where it stopped: the state is all in its arrays.

The plan is read, the state is written; both are structured arrays, whose columns are given with their types below.
"""

from typing import Any

import numpy as np

from transcaspian.kernels.cache import lean, lean_inline, lean_kernel
from transcaspian.kernels.departures import arrive, join, leg_timer, next_slot, vehicle_timer
from transcaspian.kernels.draws import mix
from transcaspian.kernels.scene import (
    DISPATCHED,
    DONE,
    END,
    EVENTS,
    FINISHED,
    FOREVER,
    FREE,
    GATE,
    GOLDEN,
    HEADWAY,
    HEAP_FULL,
    HEAPED,
    IN_REPAIR,
    INDEX,
    JUMP,
    KIND,
    KIND_AT,
    LAP,
    LEG_TIMER,
    LEVELS,
    LIVE,
    MARGIN,
    OVERRUN,
    OVERRUNS,
    PAUSED,
    PENDING,
    PERIOD,
    RECORDED,
    RECORDS_FULL,
    RELEASE,
    RIDE,
    SERVE,
    SLOTS_FULL,
    SOURCE_NEXT,
    SPARE,
    STEP,
    STUCK,
    TIMETABLE,
    TRIPS,
    TRIPS_FULL,
    VEHICLE_TIMER,
    WAKE,
    Plan,
    State,
    do,
    drawn,
    forget,
    give_back,
    keep,
    lasts,
    leave,
    let_go,
    new_slot,
    next_open,
    note,
    note_all,
    pop,
    push,
    reach,
    share,
)
from transcaspian.kernels.stations import ask, pull, pull_apart


@lean_inline
def step(p: Plan, s: State, lot: int) -> None:
    """Begin the activity a lot has come to."""
    row = s.lots[lot]
    t = s.clock[0]
    while True:
        route = p.routes[row["route"]]
        if row["at"] == route["end"]:
            if row["vehicle"] >= 0:
                arrive(p, s, lot)
                return
            if not route["again"]:
                let_go(s, lot)
                if row["takes"] >= 0:
                    give_back(s, lot)
                row["ended"] = t
                s.counts[FINISHED] += 1
                leave(p, s, lot)
                return
            row["at"] = route["first"]
        a = p.activities[row["at"]]
        row["asked"], row["began"] = t, t
        row["visit"] += 1
        row["mate"] = -1
        kind = a["kind"]
        if kind == SERVE:
            ask(p, s, lot, a["target"])
            return
        if kind >= JUMP:
            if kind == JUMP:
                jump(p, s, lot)
            else:
                row["takes"], row["holds"] = row["holds"], -1
                row["at"] += 1
            continue
        let_go(s, lot)
        if kind == RIDE:
            join(p, s, lot, a["target"])
            return
        if kind == GATE:
            opens = ready(p, s, lot, a["target"])
            if opens > t:
                row["began"] = opens
                late = opens - next_open(p, a["target"], t)
                if late > 0.0:  # the calendar was open before the vehicle could work
                    row["spent"][IN_REPAIR] += late
                    row["spent"][a["waits"]] -= late
                if opens < FOREVER:
                    push(s, opens, END, lot)
                return
        else:
            hours = lasts(p, s, lot)
            if hours > 0.0:
                push(s, t + hours, END, lot)
                return
        keep(p, s, lot, -1)
        row["at"] += 1


@lean
def jump(p: Plan, s: State, lot: int) -> None:
    """Let a lot go on at the target of its activity, or at the next one.

    Visits count what lies between too, so that what a lot draws further on does not depend on how often it went round.
    """
    row = s.lots[lot]
    a, at = p.activities[row["at"]], row["at"]
    row["at"] = at + 1
    if share(p, a["key"], row["luck"], row["visit"]) < a["mean"]:
        row["at"] = a["target"]
        row["visit"] += a["target"] - at - 1
        if a["target"] <= at:
            row["visit"] += LAP
        else:
            row["visit"] %= LAP


@lean
def ready(p: Plan, s: State, lot: int, calendar: int) -> float:
    """Return when a gate and the vehicle that waits at it are both open."""
    vehicle = s.lots[lot]["vehicle"]
    own = p.vehicles[vehicle]["calendar"] if 0 <= vehicle < p.vehicles.shape[0] else -1
    t = s.clock[0]
    while True:
        both = next_open(p, own, next_open(p, calendar, t))
        if both == t or both >= FOREVER:
            return both
        t = both


@lean_inline
def enter(s: State, lot: int, route: Any) -> None:
    """Let a lot begin its route."""
    row = s.lots[lot]
    row["at"], row["holds"], row["takes"], row["vehicle"] = route["first"], -1, -1, -1
    row["visit"], row["trip"], row["mate"] = 0, -1, -1
    forget(row)
    s.counts[LIVE] += 1
    do(s, STEP, lot)


@lean_inline
def source_next(p: Plan, s: State, source: int) -> None:
    """Make the next lot of a source, and the event of the one after it."""
    row = s.sources[source]
    made = row["made"] + 1
    row["made"] = made
    if made < row["most"]:
        after(p, s, source, made)
    lot = new_slot(s)
    if lot < 0:
        return
    place = s.lots[lot]
    place["route"], place["serial"] = row["route"], made - 1
    place["luck"] = mix(row["key"] + np.uint64(made) * GOLDEN)
    enter(s, lot, p.routes[row["route"]])


@lean_inline
def after(p: Plan, s: State, source: int, number: int) -> None:
    """Put the arrival with a number on the heap; the time to it passes as fast as the rate of each period says."""
    row, t, period = s.sources[source], s.clock[0], s.counts[PERIOD]
    left = drawn(row["law"], 1.0, row["scv"], 0.0, share(p, row["key"], np.uint64(number), 0))
    while True:
        gap = p.monthly[p.gaps + source, period]
        part = (p.edges[period + 1] - t) / gap
        if left <= part:
            push(s, t + left * gap, SOURCE_NEXT, source)
            return
        left -= part
        t = p.edges[period + 1]
        period += 1
        if period == p.monthly.shape[1]:
            return


@lean_inline
def shortage(s: State) -> int:
    """Return the status of arrays that have too little room for what may happen at one moment, else ``DONE``."""
    if s.counts[OVERRUN] > 0:
        return OVERRUNS
    room = MARGIN + 4 * s.counts[PENDING]  # whatever is to be done makes an event or two
    if s.counts[SPARE] < MARGIN + s.counts[PENDING]:
        return SLOTS_FULL
    if s.counts[HEAPED] + room > s.heap.shape[0]:
        return HEAP_FULL
    if s.counts[RECORDED] + room + s.counts[LIVE] > s.records.shape[0]:
        return RECORDS_FULL
    if s.counts[TRIPS] + room > s.trips.shape[0]:
        return TRIPS_FULL
    return DONE


@lean_kernel
def start(p: Plan, s: State) -> int:
    """Fill the state of a simulation that has not begun; its arrays may hold anything."""
    n = p.dispatches.shape[0]
    s.clock[0] = p.edges[0]
    s.counts[:] = 0
    s.idle[:, :] = -1
    for q in range(s.stations.shape[0]):
        row = s.stations[q]
        row["wakes"], row["sorted"], row["busy"], row["waiting"] = -1.0, -1, 0, 0
        row["blocked_head"], row["blocked_tail"] = -1, -1
        for level in range(LEVELS):
            row["head"][level], row["tail"][level] = -1, -1
    for at in range(s.tally.shape[0]):
        for period in range(s.tally.shape[1]):
            t = s.tally[at, period]
            t["work"], t["able"], t["queue"], t["booked"], t["longest"] = 0.0, 0.0, 0.0, p.edges[0], 0.0
            t["wait"], t["wait2"], t["served"], t["lost"] = 0.0, 0.0, 0, 0
    for lot in range(s.lots.shape[0]):
        row = s.lots[lot]
        row["ended"], row["at"], row["next"], row["holds"], row["takes"] = np.nan, -1, lot + 1, -1, -1
        row["vehicle"], row["leg"], row["mate"], row["trip"], row["aboard"], row["visit"] = -1, -1, -1, -1, -1, 0
        row["serial"] = lot
    s.lots[s.lots.shape[0] - 1]["next"] = -1
    s.counts[FREE] = n + p.vehicles.shape[0] if n + p.vehicles.shape[0] < s.lots.shape[0] else -1
    s.counts[SPARE] = s.lots.shape[0] - n - p.vehicles.shape[0]
    for lot in range(n):
        s.lots[lot]["route"], s.lots[lot]["luck"] = p.dispatches[lot]["route"], p.dispatches[lot]["luck"]
    for leg in range(s.legs.shape[0]):
        for period in range(1, p.edges.shape[0] - 1):
            shut = p.monthly[p.rooms + leg, period - 1] <= 0.0
            if shut and p.monthly[p.rooms + leg, period] > 0.0:  # there is water again
                push(s, p.edges[period], LEG_TIMER, leg)
        board = s.legs[leg]
        board["load"], board["left"], board["count"], board["carried"] = 0.0, -FOREVER, 0, 0.0
        board["head"], board["tail"], board["called"], board["number"] = -1, -1, 0, board["slot_first"]
        board["slot"] = p.edges[0]
        board["stood"], board["ran"], board["shallow"] = 0.0, 0.0, 0.0
        forget(board)
        if board["rule"] == HEADWAY:  # the first comes at any time within a headway
            board["number"] = 0
            board["slot"] += board["headway"] * share(p, board["key"], np.uint64(0), 0)
            push(s, board["slot"], LEG_TIMER, leg)
        elif board["rule"] == TIMETABLE:
            s.clock[0] -= 1.0
            next_slot(p, s, leg)
            s.clock[0] += 1.0
    for number in range(p.vehicles.shape[0]):
        vehicle, given = n + number, p.vehicles[number]
        row = s.lots[vehicle]
        row["vehicle"], row["node"], row["turn"], row["luck"] = number, given["node"], given["turn"], given["luck"]
        fleet = p.fleets[given["fleet"]]  # as if it had just come empty to where it begins
        leg = p.turns[fleet["leg_first"] + given["turn"] % (fleet["leg_end"] - fleet["leg_first"])]
        row["leg"], row["began"] = -2 - leg, p.edges[0]
        if fleet["by_demand"]:
            s.legs[leg]["called"] += 1
        push(s, p.edges[0], VEHICLE_TIMER, vehicle)
    for source in range(s.sources.shape[0]):
        s.sources[source]["made"] = 0
        s.clock[0] = s.sources[source]["begin"]
        after(p, s, source, 0)
    s.clock[0] = p.edges[0]
    return DONE


@lean_kernel
def advance(p: Plan, s: State, until: float, budget: int) -> int:
    """Go on to a time, or for a number of events, whichever is first; call again to go on from there.

    Parameters
    ----------
    p, s : plan and state, the latter once filled by ``start``
    until : h
    budget : events at most

    Returns
    -------
    ``DONE`` when ``until`` is reached, ``PAUSED`` when the budget is spent, ``RECORDS_FULL``, ``TRIPS_FULL``,
    ``SLOTS_FULL`` or ``HEAP_FULL`` when that array must grow before it can go on (records may be emptied instead: set
    their count to 0), ``STUCK`` when lots are there and nothing will ever happen again, ``OVERRUNS`` on a fault.
    """
    dispatches, total = p.dispatches, p.dispatches.shape[0]
    while True:
        short = shortage(s)
        if short != DONE:
            return short
        if s.counts[PENDING] > 0:
            settle_moment(p, s)
            continue
        if budget <= 0:
            return PAUSED
        budget -= 1
        heap_time = s.heap[0]["time"] if s.counts[HEAPED] > 0 else FOREVER
        next_lot = s.counts[DISPATCHED]
        if next_lot < total and dispatches[next_lot]["time"] < heap_time:
            t = dispatches[next_lot]["time"]
            if t >= until:
                reach(p, s, until)
                note_all(p, s)
                return DONE
            reach(p, s, t)
            s.counts[EVENTS] += 1
            s.counts[DISPATCHED] = next_lot + 1
            enter(s, next_lot, p.routes[dispatches[next_lot]["route"]])
            continue
        if heap_time >= until:
            if heap_time >= FOREVER and s.counts[LIVE] > 0:
                return STUCK
            if until < FOREVER:
                reach(p, s, until)
                note_all(p, s)
            return DONE
        what = pop(s)
        s.counts[EVENTS] += 1
        reach(p, s, s.clock[0])
        kind, index = what >> KIND_AT, what & INDEX
        if kind == END:
            lot = index
            mate = s.lots[lot]["mate"]
            if mate >= 0:
                end_batch(p, s, lot)
            else:
                keep(p, s, lot, -1)
                s.lots[lot]["at"] += 1
                do(s, STEP, lot)
        elif kind == SOURCE_NEXT:
            source_next(p, s, index)
        elif kind == WAKE:
            s.stations[index]["wakes"] = -1.0
            pull_apart(p, s, index)
        elif kind == LEG_TIMER:
            leg_timer(p, s, index)
        else:
            vehicle_timer(p, s, index)


@lean
def end_batch(p: Plan, s: State, first: int) -> None:
    """End the service of a batch: all go on, and the server is free at once."""
    station = s.lots[first]["holds"]
    lot = first
    while lot >= 0:
        later = s.lots[lot]["mate"]
        s.lots[lot]["mate"], s.lots[lot]["holds"] = -1, -1
        keep(p, s, lot, -1)
        s.lots[lot]["at"] += 1
        do(s, STEP, lot)
        lot = later
    do(s, RELEASE, station)


@lean_inline
def settle_moment(p: Plan, s: State) -> None:
    """Do what was noted to be done at this moment, in its order; what that notes in turn moves up to be done next.

    The only place where a lot goes on, so that its long code is compiled into ``advance``, and but once.
    """
    noted = s.counts[PENDING]
    for at in range(noted):
        thing = s.todo[at]
        kind, index = thing // KIND, thing % KIND
        if kind == STEP:
            step(p, s, index)
        else:
            note(p, s, index)
            s.stations[index]["busy"] -= 1
            pull(p, s, index)
    left = s.counts[PENDING] - noted
    for at in range(left):
        s.todo[at] = s.todo[noted + at]
    s.counts[PENDING] = left
