"""This module owns what happens at a station: who is served, who waits, who is blocked, who is lost."""

from transcaspian.kernels.cache import lean, lean_inline
from transcaspian.kernels.scene import (
    END,
    FOREVER,
    LOSES,
    PERIOD,
    RELEASE,
    STOPS,
    WAKE,
    Plan,
    State,
    do,
    lasts,
    leave,
    let_go,
    next_open,
    note,
    push,
    worked_by,
)


@lean_inline
def begin(p: Plan, s: State, lot: int, station: int) -> None:
    """Begin to serve a lot, and whoever is in its batch, on a server that has just been taken."""
    t = s.clock[0]
    row = s.lots[lot]
    a = p.activities[row["at"]]
    place = s.stations[station]
    hours = lasts(p, s, lot) * p.monthly[station, s.counts[PERIOD]]
    if place["setup"] > 0.0 and place["sorted"] != a["sort"]:
        if place["sorted"] >= 0:
            hours += place["setup"]
        place["sorted"] = a["sort"]
    tally = s.tally[station, s.counts[PERIOD]]
    one = lot
    while one >= 0:
        mate = s.lots[one]
        mate["began"] = t
        wait = t - mate["asked"]
        tally["wait"] += wait
        tally["wait2"] += wait * wait
        tally["served"] += 1
        mate["holds"] = station
        one = mate["mate"]
    ends = t + hours
    if place["closing"] == STOPS and place["calendar"] >= 0:
        ends = worked_by(p, place["calendar"], t, hours)
    if ends < FOREVER:
        push(s, ends, END, lot)


@lean_inline
def shut(p: Plan, s: State, station: int) -> bool:
    """Return whether a station is closed now; if so it wakes when it opens."""
    calendar = s.stations[station]["calendar"]
    return calendar >= 0 and sleeps(p, s, station, calendar)


@lean
def sleeps(p: Plan, s: State, station: int, calendar: int) -> bool:
    """Return whether a station with a calendar is closed now; if so it wakes when it opens."""
    opens = next_open(p, calendar, s.clock[0])
    if opens <= s.clock[0]:
        return False
    if opens < FOREVER and s.stations[station]["wakes"] != opens:
        s.stations[station]["wakes"] = opens
        push(s, opens, WAKE, station)
    return True


@lean_inline
def enqueue(p: Plan, s: State, lot: int, station: int) -> None:
    """Put a lot behind the others of its rank."""
    note(p, s, station)
    place = s.stations[station]
    rank = int(p.monthly[p.ranks + p.activities[s.lots[lot]["at"]]["rank"], s.counts[PERIOD]])
    s.lots[lot]["next"] = -1
    last = place["tail"][rank]
    if last < 0:
        place["head"][rank] = lot
    else:
        s.lots[last]["next"] = lot
    place["tail"][rank] = lot
    place["waiting"] += 1
    tally = s.tally[station, s.counts[PERIOD]]
    tally["longest"] = max(tally["longest"], place["waiting"])


@lean_inline
def dequeue(s: State, station: int) -> int:
    """Take the first lot of the best rank."""
    place = s.stations[station]
    rank = 0
    while place["head"][rank] < 0:
        rank += 1
    lot = place["head"][rank]
    place["head"][rank] = s.lots[lot]["next"]
    if place["head"][rank] < 0:
        place["tail"][rank] = -1
    place["waiting"] -= 1
    return int(lot)


@lean
def unblock(s: State, station: int) -> int:
    """Take the first lot that is blocked by a full station; the server it kept is released."""
    place = s.stations[station]
    lot = place["blocked_head"]
    place["blocked_head"] = s.lots[lot]["next"]
    if place["blocked_head"] < 0:
        place["blocked_tail"] = -1
    if s.lots[lot]["holds"] >= 0:
        do(s, RELEASE, s.lots[lot]["holds"])
        s.lots[lot]["holds"] = -1
    return int(lot)


@lean_inline
def pull(p: Plan, s: State, station: int) -> None:
    """Begin all the service that a station can begin, and let in whoever then has room."""
    note(p, s, station)
    place = s.stations[station]
    while place["waiting"] > 0 or place["blocked_head"] >= 0:
        if place["blocked_head"] >= 0 and place["waiting"] < place["buffer"]:
            enqueue(p, s, unblock(s, station), station)
            continue
        if place["busy"] >= place["servers"] or shut(p, s, station):
            return
        if place["waiting"] == 0:  # no place to wait: from one server to the next
            lot = unblock(s, station)
        elif place["batch_most"] > 1:
            lot = batched(p, s, station)
            if lot < 0:
                return
        else:
            lot = dequeue(s, station)
        place["busy"] += 1
        begin(p, s, lot, station)


@lean
def batched(p: Plan, s: State, station: int) -> int:
    """Take as many lots as a batch holds; return the first, the others its mates; -1 if they are too few."""
    place = s.stations[station]
    if place["waiting"] < place["batch_least"]:
        return -1
    first = dequeue(s, station)
    last, taken = first, 1
    while taken < place["batch_most"] and place["waiting"] > 0:
        lot = dequeue(s, station)
        s.lots[last]["mate"] = lot
        last = lot
        taken += 1
    return first


@lean
def block(s: State, lot: int, station: int) -> None:
    """Put a lot in the row of those that a full station blocks."""
    place = s.stations[station]
    s.lots[lot]["next"] = -1
    if place["blocked_tail"] < 0:
        place["blocked_head"] = lot
    else:
        s.lots[place["blocked_tail"]]["next"] = lot
    place["blocked_tail"] = lot


@lean
def pull_apart(p: Plan, s: State, station: int) -> None:
    """Pull where that is rare: its code is long."""
    pull(p, s, station)


@lean_inline
def ask(p: Plan, s: State, lot: int, station: int) -> None:
    """Bring a lot to a station: it is served, waits, is blocked where it is, or is lost."""
    place, row = s.stations[station], s.lots[lot]
    keeps = row["holds"] == station and row["vehicle"] >= 0  # a vehicle keeps the berth it lies at
    idle = place["busy"] < place["servers"]
    free = idle and place["waiting"] == 0 and place["blocked_head"] < 0 and place["batch_most"] == 1
    if keeps or (free and not shut(p, s, station)):
        if not keeps:
            let_go(s, lot)
            note(p, s, station)
            place["busy"] += 1
        begin(p, s, lot, station)
    elif place["buffer"] < 0 or place["waiting"] < place["buffer"]:
        let_go(s, lot)
        enqueue(p, s, lot, station)
        if idle:
            pull_apart(p, s, station)
    elif place["full"] == LOSES:
        let_go(s, lot)
        s.tally[station, s.counts[PERIOD]]["lost"] += 1
        leave(p, s, lot)
    else:
        block(s, lot, station)
