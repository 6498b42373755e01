"""This module owns when sites are closed and vehicles broken, drawn for a replication before it runs.

A site is closed in spells: closed and open times are exponential and follow each other, their means such that the share
of time closed and the mean spell of the month come out as published. Sites of a group share storms: a site with loading
l has the part l of its closed time from the storms of its group, each of which reaches it with a probability, and the
rest from storms of its own. So January differs from July, storms last, and neighbours close together.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transcaspian.kernels.world import World
from transcaspian.simulation.engine import GOLDEN, mixed

Floats = NDArray[np.float64]
Spells = list[tuple[float, float]]


def uniforms(key: np.uint64, count: int) -> Floats:
    """Return ``count`` numbers in (0, 1) of a key."""
    words = mixed(np.uint64(key) ^ (np.arange(1, count + 1, dtype=np.uint64) * GOLDEN))
    found: Floats = ((words >> np.uint64(11)).astype(np.float64) + 0.5) / 9007199254740992.0
    return found


def spells(
    key: np.uint64, share: Sequence[float], mean: Sequence[float], edges: Floats, *, mirror: bool = False
) -> Spells:
    """Return closed spells between the first and last edge, with share and mean spell [h] by period.

    The process begins in its steady state: closed with the share of the first period. With ``mirror`` the same spell
    is long where it was short; both begin alike, or a closed spell would be the opposite of an open one.
    """
    begin, end = float(edges[0]), float(edges[-1])
    if max(share) <= 0.0:
        return []
    count = 64 + int(4 * (end - begin) / max(min(mean), 1.0))
    u = uniforms(key, 2 * count + 1)
    if mirror:
        u[1:] = 1.0 - u[1:]
    found: Spells = []
    t, shut = begin, bool(u[0] < share[0])
    for n in range(1, 2 * count + 1):
        p = min(int(np.searchsorted(edges, t, side="right")) - 1, len(share) - 1)
        part = share[p]
        if shut:
            length = -mean[p] * np.log(u[n])
            found.append((t, min(t + length, end)))
        elif part <= 0.0 or part >= 1.0:  # nothing is drawn to the end of the period
            length = float(edges[p + 1]) - t
        else:
            length = -mean[p] * max(1.0 - part, 1e-9) / part * np.log(u[n])
        t += float(length)
        shut = not shut and 0.0 < part < 1.0
        if t >= end:
            break
    return found + [(float(edges[p]), float(edges[p + 1])) for p, part in enumerate(share) if part >= 1.0]


def joined(intervals: Spells) -> Spells:
    """Return intervals sorted, with those that touch or overlap joined."""
    merged: Spells = []
    for a, b in sorted(intervals):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], b))
        elif b > a:
            merged.append((a, b))
    return merged


def opposite(shut: Spells, begin: float, end: float) -> Spells:
    """Return what is open between two times, given what is shut.

    >>> opposite([(2.0, 3.0)], 0.0, 10.0)
    [(0.0, 2.0), (3.0, 10.0)]
    """
    found, at = [], begin
    for a, b in shut:
        if a > at:
            found.append((at, a))
        at = max(at, b)
    if at < end:
        found.append((at, end))
    return found


def both_open(first: Spells, second: Spells) -> Spells:
    """Return when two calendars are both open.

    >>> both_open([(0.0, 5.0), (8.0, 9.0)], [(3.0, 20.0)])
    [(3.0, 5.0), (8.0, 9.0)]
    """
    found: Spells = []
    i = j = 0
    while i < len(first) and j < len(second):
        a, b = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if a < b:
            found.append((a, b))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return found


def storms(
    world: World, periods: NDArray[np.int64], edges: Floats, salt: np.uint64, *, mirror: bool = False
) -> list[Spells]:
    """Return the closed spells of every site.

    Parameters
    ----------
    world : of the network, for shares, spells, groups and loadings
    periods : period of the network behind each period of the simulation
    edges : (period + 1,) h, of the simulation
    salt : of seed and replication
    mirror : opposite luck: where spells were long they are short
    """
    found: list[Spells] = []
    groups = dict.fromkeys(int(g) for g in world.site_group)
    shared: dict[int, tuple[Floats, Spells]] = {}
    for group in groups:
        of = np.flatnonzero(world.site_group == np.uint64(group))
        storm = np.where(world.weather_share[of] < 1.0, world.weather_share[of], 0.0)  # a month all shut is no storm
        most = (world.site_loading[of, None] * storm).max(axis=0)
        length = world.weather_spell[of].max(axis=0)
        key = mixed_word(np.uint64(group), salt)
        drawn = spells(key, list(most[periods]), list(length[periods]), edges, mirror=mirror)
        shared[group] = (most, drawn)
    for site in range(len(world.site_luck)):
        share, loading = world.weather_share[site], float(world.site_loading[site])
        key = mixed_word(world.site_luck[site], salt)
        most, common = shared[int(world.site_group[site])]
        reached = loading * share / np.maximum(most, 1e-12)
        u = uniforms(key ^ np.uint64(1), max(len(common), 1))
        hit = [spell for n, spell in enumerate(common) if u[n] < reached[periods[_period(spell[0], edges)]]]
        own = 1.0 - (1.0 - share) / np.maximum(1.0 - loading * share, 1e-9)
        part, mean = list(np.clip(own, 0.0, 1.0)[periods]), list(world.weather_spell[site][periods])
        alone = spells(key, part, mean, edges, mirror=mirror)
        found.append(joined([*hit, *alone]))
    return found


def mixed_word(word: np.uint64, salt: np.uint64) -> np.uint64:
    """Return the key of a noun in a replication."""
    return np.uint64(mixed(np.array([word], np.uint64) ^ salt)[0])


def _period(t: float, edges: Floats) -> int:
    return min(max(int(np.searchsorted(edges, t, side="right")) - 1, 0), len(edges) - 2)
