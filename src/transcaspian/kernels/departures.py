"""This module owns departures: cargo waits for vehicles, vehicles for cargo; fleets go round, or where they must."""

import numpy as np

from transcaspian.kernels.cache import lean
from transcaspian.kernels.draws import mix
from transcaspian.kernels.scene import (
    CAUSES,
    ENDLESS,
    FILL,
    FOREVER,
    HEADWAY,
    LEG_TIMER,
    LIVE,
    LOGNORMAL,
    PERIOD,
    STEP,
    TRIPS,
    VEHICLE_TIMER,
    Plan,
    State,
    do,
    drawn,
    forget,
    give_back,
    keep,
    leave,
    let_go,
    new_slot,
    next_open,
    note_leg,
    push,
    share,
)


@lean
def join(p: Plan, s: State, lot: int, leg: int) -> None:
    """Put a lot behind the others of its rank that wait for a leg, and see whether a vehicle can leave."""
    board = s.legs[leg]
    note_leg(s, leg)
    if board["tail"] < 0 and board["rule"] == FILL:
        push(s, s.clock[0] + board["longest"], LEG_TIMER, leg)
    line_up(p, s, lot, leg)
    board["load"] += p.activities[s.lots[lot]["at"]]["room"]
    tally = s.tally[s.stations.shape[0] + leg, s.counts[PERIOD]]
    tally["longest"] = max(tally["longest"], board["load"])
    if board["rule"] == FILL and board["load"] >= filled(p, s, leg) - 1e-9:
        serve_leg(p, s, leg)
    fleet = p.fleets[board["fleet"]]
    if fleet["by_demand"]:
        if short(p, s, leg) > 1e-9:
            call(p, s, leg, True)
    elif board["rule"] == FILL and board["head"] >= 0:
        rouse(p, s, board["fleet"])


@lean
def rank(p: Plan, s: State, lot: int) -> float:
    """Return the rank by which a lot that waits for a leg is taken aboard in this period."""
    return float(p.monthly[p.ranks + p.activities[s.lots[lot]["at"]]["rank"], s.counts[PERIOD]])


@lean
def line_up(p: Plan, s: State, lot: int, leg: int) -> None:
    """Put a lot before the first that waits for a leg with a rank after its own, or behind them all."""
    board, own = s.legs[leg], rank(p, s, lot)
    before, after = board["tail"], -1
    if before >= 0 and rank(p, s, before) > own:
        before, after = -1, board["head"]
        while rank(p, s, after) <= own:
            before, after = after, s.lots[after]["next"]
    s.lots[lot]["next"] = after
    if before < 0:
        board["head"] = lot
    else:
        s.lots[before]["next"] = lot
    if after < 0:
        board["tail"] = lot


@lean
def oldest(p: Plan, s: State, leg: int) -> float:
    """Return the moment from which something has waited for a leg: the first in line, where none has a rank."""
    lot = s.legs[leg]["head"]
    found = s.lots[lot]["asked"]
    if p.activities[s.lots[lot]["at"]]["rank"] > 0:
        while lot >= 0:
            found = min(found, s.lots[lot]["asked"])
            lot = s.lots[lot]["next"]
    return float(found)


@lean
def room(p: Plan, s: State, leg: int) -> float:
    """Return the share of a vehicle that may be loaded on a leg now."""
    return float(p.monthly[p.rooms + leg, s.counts[PERIOD]])


@lean
def floats_again(p: Plan, s: State, leg: int) -> bool:
    """Return whether this is the moment from which there is water for the ships of a leg, and there was none."""
    period = s.counts[PERIOD]
    here = period > 0 and s.clock[0] <= p.edges[period] + 1e-9
    return bool(here and room(p, s, leg) > 0.0 and p.monthly[p.rooms + leg, period - 1] <= 0.0)


@lean
def filled(p: Plan, s: State, leg: int) -> float:
    """Return the load at which a vehicle leaves a leg."""
    return float(s.legs[leg]["fill"] * room(p, s, leg))


@lean
def rouse(p: Plan, s: State, fleet: int) -> None:
    """See to vehicles that go round and stand while cargo waits at another of their calls."""
    if p.fleets[fleet]["by_demand"] or p.fleets[fleet]["endless"]:
        return
    for n in range(p.fleets[fleet]["leg_first"], p.fleets[fleet]["leg_end"]):
        leg = p.turns[n]
        if s.legs[leg]["rule"] == FILL and s.idle[p.empty.shape[0] + leg, 0] >= 0:
            serve_leg(p, s, leg)


@lean
def wanted(p: Plan, s: State, vehicle: int) -> bool:
    """Return whether a vehicle is wanted at its next call more than here.

    It is where a full load waits beyond what those on their way will take; and where more waits than here and no other
    vehicle is there or on its way. A voyage back is made once a round wherever the vehicle stands in between, so it
    stands where most cargo comes, and does not lie at the light end while boxes wait at the other.
    """
    row = s.lots[vehicle]
    fleet = p.fleets[p.vehicles[row["vehicle"]]["fleet"]]
    turns = fleet["leg_end"] - fleet["leg_first"]
    leg = p.turns[fleet["leg_first"] + row["turn"] % turns]
    board = s.legs[leg]
    if board["rule"] != FILL or room(p, s, leg) <= 0.0:
        return False
    if board["load"] >= board["called"] * room(p, s, leg) + filled(p, s, leg) - 1e-9:
        return True
    here = s.legs[p.turns[fleet["leg_first"] + (row["turn"] - 1) % turns]]["load"]
    alone = board["called"] == 0 and s.idle[p.empty.shape[0] + leg, 0] < 0
    return bool(alone and board["load"] > here + 1e-9)


@lean
def due(p: Plan, s: State, leg: int, vehicle: int) -> bool:
    """Return whether a vehicle, or any (-1), should leave on a leg now."""
    board, t = s.legs[leg], s.clock[0] + 1e-9
    if room(p, s, leg) <= 0.0:
        return False  # no water to sail in: see ``floats_again``
    if board["rule"] != FILL:
        return bool(t >= board["slot"])
    if board["load"] >= filled(p, s, leg) - 1e-9:
        return True
    if p.fleets[board["fleet"]]["by_demand"] or vehicle < 0:
        return bool(board["head"] >= 0 and t >= oldest(p, s, leg) + board["longest"])
    if wanted(p, s, vehicle):
        return True
    return bool(t >= max(s.lots[vehicle]["since"], board["left"]) + board["longest"])


@lean
def stand_of(p: Plan, s: State, leg: int) -> int:
    """Return where vehicles for a leg stand: at its node, or in its own row if the fleet goes round."""
    row = s.legs[leg]
    return int(row["origin"]) if p.fleets[row["fleet"]]["by_demand"] else p.empty.shape[0] + leg


@lean
def park(s: State, vehicle: int, stand: int) -> None:
    """Let a vehicle stand behind the others."""
    s.lots[vehicle]["next"] = -1
    if s.idle[stand, 1] < 0:
        s.idle[stand, 0] = vehicle
    else:
        s.lots[s.idle[stand, 1]]["next"] = vehicle
    s.idle[stand, 1] = vehicle


@lean
def able(p: Plan, s: State, stand: int) -> int:
    """Return the vehicle that has stood longest of those that can work now; -1 if there is none.

    A ship in repair takes no cargo while another lies ready beside it. Of a fleet that goes round the first is taken if
    none can work: no other would come in its place.
    """
    vehicle = s.idle[stand, 0]
    while vehicle >= 0:
        if repaired(p, s, vehicle) <= s.clock[0]:
            return int(vehicle)
        vehicle = s.lots[vehicle]["next"]
    first = s.idle[stand, 0]
    if first < 0 or p.fleets[p.vehicles[s.lots[first]["vehicle"]]["fleet"]]["by_demand"]:
        return -1
    return int(first)


@lean
def repaired(p: Plan, s: State, vehicle: int) -> float:
    """Return when a vehicle can work: now, or when its repair is over."""
    return next_open(p, p.vehicles[s.lots[vehicle]["vehicle"]]["calendar"], s.clock[0])


@lean
def unpark(s: State, stand: int, vehicle: int) -> int:
    """Take a vehicle from those that stand, and return it."""
    before, at = -1, s.idle[stand, 0]
    while at != vehicle:
        before, at = at, s.lots[at]["next"]
    after = s.lots[vehicle]["next"]
    if before < 0:
        s.idle[stand, 0] = after
    else:
        s.lots[before]["next"] = after
    if after < 0:
        s.idle[stand, 1] = before
    return vehicle


@lean
def serve_leg(p: Plan, s: State, leg: int) -> None:
    """Send as many vehicles as are due on a leg, or call one that stands elsewhere."""
    board = s.legs[leg]
    fleet = p.fleets[board["fleet"]]
    if fleet["endless"]:
        if board["head"] >= 0:
            vehicle = new_slot(s)
            if vehicle >= 0:
                row = s.lots[vehicle]
                row["luck"], row["vehicle"] = mix(board["key"] + np.uint64(board["count"])), ENDLESS
                row["node"], row["serial"], row["holds"], row["takes"] = board["origin"], -1, -1, -1
                send(p, s, vehicle, leg)
        return
    stand = stand_of(p, s, leg)
    vehicle = able(p, s, stand)
    while vehicle >= 0 and due(p, s, leg, vehicle):
        if fleet["by_demand"] and board["head"] < 0:
            return
        send(p, s, unpark(s, stand, vehicle), leg)
        vehicle = able(p, s, stand)
    if fleet["by_demand"] and board["head"] >= 0 and due(p, s, leg, -1):
        enough = board["called"] > 0 and board["load"] < board["called"] * room(p, s, leg) + filled(p, s, leg)
        if not enough:
            call(p, s, leg, False)


@lean
def short(p: Plan, s: State, leg: int) -> float:
    """Return the load that waits for a leg beyond what vehicles that stand ready there or are called will take."""
    board = s.legs[leg]
    ready, vehicle = board["called"], s.idle[board["origin"], 0]
    while vehicle >= 0:
        if repaired(p, s, vehicle) <= s.clock[0]:
            ready += 1
        vehicle = s.lots[vehicle]["next"]
    return float(board["load"] - ready * room(p, s, leg))


@lean
def spare(p: Plan, s: State, fleet: int, node: int) -> bool:
    """Return whether what waits where vehicles stand will find one without the first of them."""
    for n in range(p.fleets[fleet]["leg_first"], p.fleets[fleet]["leg_end"]):
        leg = p.turns[n]
        if s.legs[leg]["origin"] == node and short(p, s, leg) + room(p, s, leg) > 1e-9:
            return False
    return True


@lean
def call(p: Plan, s: State, leg: int, ahead: bool) -> None:
    """Call the nearest vehicle that stands elsewhere; for what is not due yet, one that nothing waits for there."""
    board = s.legs[leg]
    best, nearest = -1, FOREVER
    for node in range(p.empty.shape[0]):
        if p.empty[node, board["origin"]] >= nearest or node == board["origin"] or able(p, s, node) < 0:
            continue
        if not ahead or spare(p, s, board["fleet"], node):
            best, nearest = node, p.empty[node, board["origin"]]
    if best >= 0:
        board["called"] += 1
        move_empty(p, s, unpark(s, best, able(p, s, best)), leg)


@lean
def move_empty(p: Plan, s: State, vehicle: int, leg: int) -> None:
    """Send a vehicle without cargo to where a leg begins."""
    row = s.lots[vehicle]
    let_go(s, vehicle)
    hours = p.empty[row["node"], s.legs[leg]["origin"]]
    row["leg"] = -2 - leg
    trip = s.trips[s.counts[TRIPS]]
    trip["ready"], trip["left"], trip["arrived"] = row["since"], s.clock[0], s.clock[0] + hours
    trip["room"], trip["leg"], trip["vehicle"], trip["node"] = 0.0, row["leg"], row["vehicle"], row["node"]
    s.counts[TRIPS] += 1
    row["node"], row["began"] = s.legs[leg]["origin"], s.clock[0] + hours
    push(s, row["began"], VEHICLE_TIMER, vehicle)


@lean
def send(p: Plan, s: State, vehicle: int, leg: int) -> None:
    """Take cargo aboard, by rank and first come, first served, as far as it has room, and begin the run."""
    row, board = s.lots[vehicle], s.legs[leg]
    note_leg(s, leg)
    t, tally = s.clock[0], s.tally[s.stations.shape[0] + leg, s.counts[PERIOD]]
    endless, most = p.fleets[board["fleet"]]["endless"], room(p, s, leg)
    row["loading"], row["unloading"], row["room"] = 0.0, 0.0, 0.0
    row["aboard"], last = -1, -1
    while board["head"] >= 0:
        lot = board["head"]
        a = p.activities[s.lots[lot]["at"]]
        if not endless and row["room"] > 0.0 and row["room"] + a["room"] > most + 1e-9:
            break
        board["head"] = s.lots[lot]["next"]
        row["room"] += a["room"]
        row["loading"] += a["load"]
        row["unloading"] += a["unload"]
        s.lots[lot]["began"] = t
        tally["wait"] += t - s.lots[lot]["asked"]
        tally["served"] += 1
        s.lots[lot]["mate"] = -1
        if last < 0:
            row["aboard"] = lot
        else:
            s.lots[last]["mate"] = lot
        last = lot
    if board["head"] < 0:
        board["tail"] = -1
        board["load"] = 0.0
    else:
        board["load"] -= row["room"]
        if board["rule"] == FILL:
            push(s, max(t, oldest(p, s, leg) + board["longest"]), LEG_TIMER, leg)
            if not endless and not p.fleets[board["fleet"]]["by_demand"]:
                push(s, t, LEG_TIMER, leg)  # what stays behind may want a vehicle that stands elsewhere
    board["left"] = t
    board["count"] += 1
    board["carried"] += row["room"]
    board["shallow"] += 1.0 - most
    depart(p, s, vehicle, leg)


@lean
def depart(p: Plan, s: State, vehicle: int, leg: int) -> None:
    """Begin the run of a vehicle on a leg, and note the trip."""
    row = s.lots[vehicle]
    trip = s.trips[s.counts[TRIPS]]
    trip["ready"], trip["left"], trip["arrived"] = row["since"], s.clock[0], np.nan
    trip["room"], trip["leg"], trip["vehicle"], trip["node"] = row["room"], leg, row["vehicle"], row["node"]
    row["trip"] = s.counts[TRIPS]
    s.counts[TRIPS] += 1
    row["leg"] = leg
    row["route"] = s.legs[leg]["route"]
    row["at"] = p.routes[row["route"]]["first"]
    forget(row)
    next_slot(p, s, leg)
    bound(p, s, vehicle, 1)
    do(s, STEP, vehicle)


@lean
def bound(p: Plan, s: State, vehicle: int, more: int) -> None:
    """Count a vehicle that goes round among those on their way to its next call, or no longer."""
    row = s.lots[vehicle]
    if row["vehicle"] == ENDLESS:
        return
    fleet = p.fleets[p.vehicles[row["vehicle"]]["fleet"]]
    if not fleet["by_demand"]:
        turn = row["turn"] % (fleet["leg_end"] - fleet["leg_first"])
        s.legs[p.turns[fleet["leg_first"] + turn]]["called"] += more


@lean
def next_slot(p: Plan, s: State, leg: int) -> None:
    """Set the next departure of a leg that leaves by the clock, and the event that comes with it."""
    board = s.legs[leg]
    if board["rule"] == FILL:
        return
    t = s.clock[0]
    if board["rule"] == HEADWAY:
        board["number"] += 1
        u = share(p, board["key"], np.uint64(board["number"]), 0)
        board["slot"] = max(board["slot"], t) + drawn(LOGNORMAL, board["headway"], board["scv"], 0.0, u)
    else:
        while board["number"] < board["slot_end"] and p.slots[board["number"]] <= t + 1e-9:
            board["number"] += 1
        board["slot"] = p.slots[board["number"]] if board["number"] < board["slot_end"] else FOREVER
    if board["slot"] < FOREVER:
        push(s, board["slot"], LEG_TIMER, leg)


@lean
def leg_timer(p: Plan, s: State, leg: int) -> None:
    """See to a leg whose departure has come, or for which something has waited longest."""
    board, t = s.legs[leg], s.clock[0]
    if board["rule"] == FILL:
        waited = board["head"] >= 0 and t + 1e-9 >= oldest(p, s, leg) + board["longest"]
        if waited or floats_again(p, s, leg):
            serve_leg(p, s, leg)
        if board["head"] >= 0:
            rouse(p, s, board["fleet"])
        return
    if t + 1e-9 < board["slot"]:
        return
    number = board["number"]
    serve_leg(p, s, leg)
    fleet = p.fleets[board["fleet"]]
    skips = fleet["endless"] or (fleet["by_demand"] and board["head"] < 0)
    if skips and board["number"] == number:  # nothing waits: the next one
        next_slot(p, s, leg)


@lean
def arrive(p: Plan, s: State, vehicle: int) -> None:
    """End the run of a vehicle: its cargo goes on, and it stands at the end of the leg."""
    row = s.lots[vehicle]
    leg, trip = row["leg"], row["trip"]
    s.trips[trip]["arrived"] = s.clock[0]
    board = s.legs[leg]
    board["stood"] += s.trips[trip]["left"] - s.trips[trip]["ready"]
    board["ran"] += s.clock[0] - s.trips[trip]["left"]
    for cause in range(CAUSES):
        board["spent"][cause] += row["spent"][cause]
    lot = row["aboard"]
    while lot >= 0:
        later = s.lots[lot]["mate"]
        s.lots[lot]["mate"] = -1
        keep(p, s, lot, trip)
        for cause in range(CAUSES):
            s.lots[lot]["spent"][cause] += row["spent"][cause]
        s.lots[lot]["at"] += 1
        do(s, STEP, lot)
        lot = later
    row["aboard"] = -1
    row["leg"] = -1
    if row["takes"] >= 0:
        give_back(s, vehicle)
    if row["vehicle"] == ENDLESS:
        let_go(s, vehicle)
        leave(p, s, vehicle)
        s.counts[LIVE] += 1
        return
    row["node"] = s.legs[leg]["destination"]
    settle(p, s, vehicle)


@lean
def settle(p: Plan, s: State, vehicle: int) -> None:
    """Decide what a vehicle that stands does next."""
    row = s.lots[vehicle]
    row["since"] = s.clock[0]
    fleet = p.fleets[p.vehicles[row["vehicle"]]["fleet"]]
    if fleet["by_demand"]:
        settle_by_demand(p, s, vehicle)
        return
    turns = fleet["leg_end"] - fleet["leg_first"]
    leg = p.turns[fleet["leg_first"] + row["turn"] % turns]
    if s.legs[leg]["origin"] != row["node"]:
        move_empty(p, s, vehicle, leg)
        return
    if row["trip"] >= 0:
        bound(p, s, vehicle, -1)
    row["turn"] += 1
    stand = stand_of(p, s, leg)
    park(s, vehicle, stand)
    serve_leg(p, s, leg)
    if row["leg"] == -1:  # it did not leave: it waits at anchor
        let_go(s, vehicle)
        if s.legs[leg]["rule"] == FILL:
            push(s, s.clock[0] + s.legs[leg]["longest"], VEHICLE_TIMER, vehicle)


@lean
def settle_by_demand(p: Plan, s: State, vehicle: int) -> None:
    """Send a vehicle where most cargo is due: from here, or else from elsewhere.

    Where none is due it goes in ballast to where most waits that has no vehicle, or stands. In repair it stands.
    """
    row = s.lots[vehicle]
    again = repaired(p, s, vehicle)
    if again > s.clock[0]:
        let_go(s, vehicle)
        park(s, vehicle, row["node"])
        if again < FOREVER:
            push(s, again, VEHICLE_TIMER, vehicle)
        return
    fleet = p.fleets[p.vehicles[row["vehicle"]]["fleet"]]
    best, most, near = -1, 0.0, False
    for n in range(fleet["leg_first"], fleet["leg_end"]):
        leg = p.turns[n]
        board = s.legs[leg]
        here = board["origin"] == row["node"]
        load = board["load"] - (0.0 if here else board["called"])
        if board["head"] < 0 or load <= 0.0 or (near and not here) or not due(p, s, leg, -1):
            continue
        if (here and not near) or load > most:
            best, most, near = leg, load, here
    if best >= 0 and near:
        send(p, s, vehicle, best)
        return
    if best < 0:
        most = 1e-9
        for n in range(fleet["leg_first"], fleet["leg_end"]):
            load = short(p, s, p.turns[n])
            if load > most:
                best, most = p.turns[n], load
        if best >= 0 and s.legs[best]["origin"] == row["node"]:
            best = -1
    if best >= 0 and p.empty[row["node"], s.legs[best]["origin"]] < FOREVER:
        s.legs[best]["called"] += 1
        move_empty(p, s, vehicle, best)
    else:
        let_go(s, vehicle)
        park(s, vehicle, row["node"])


@lean
def vehicle_timer(p: Plan, s: State, vehicle: int) -> None:
    """See to a vehicle that has come empty to a node, is out of repair, or has waited longest for cargo."""
    row = s.lots[vehicle]
    if row["leg"] <= -2:
        if s.clock[0] + 1e-9 < row["began"]:
            return  # it was called the moment its repair was over
        leg = -2 - row["leg"]
        row["leg"] = -1
        if p.fleets[s.legs[leg]["fleet"]]["by_demand"]:
            s.legs[leg]["called"] -= 1
        settle(p, s, vehicle)
        return
    if row["leg"] >= 0:
        return
    fleet = p.fleets[p.vehicles[row["vehicle"]]["fleet"]]
    if fleet["by_demand"]:
        settle(p, s, unpark(s, row["node"], vehicle))
        return
    leg = p.turns[fleet["leg_first"] + (row["turn"] - 1) % (fleet["leg_end"] - fleet["leg_first"])]
    if s.clock[0] + 1e-9 < row["since"] + s.legs[leg]["longest"]:
        return  # a timer of an earlier stay
    serve_leg(p, s, leg)
    if row["leg"] == -1:
        since = max(row["since"], s.legs[leg]["left"])
        again = since + s.legs[leg]["longest"]
        if again > s.clock[0] + 1e-9:
            push(s, again, VEHICLE_TIMER, vehicle)
