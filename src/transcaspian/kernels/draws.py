"""This module owns counter-based random numbers (conventions, section 4).

A number is a hash of what it is for: seed, replication, purpose and the noun it belongs to. Nothing is drawn from a
stream that two entities share, so a change that adds a berth leaves everybody else's luck as it was. The mixer is the
finaliser of SplitMix64 (Steele, Lea and Flood, 2014), applied once per word.
"""

import math
from typing import Any

import numpy as np

from transcaspian.kernels.cache import inner

WEATHER_GROUP, WEATHER_SITE, WEATHER_LEFT, WORK, WAIT = 1, 2, 3, 4, 5
"""Purposes."""


@inner
def mix(word: Any) -> Any:
    """Return a word with its bits well mixed."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@inner
def uniform(seed: Any, replication: int, purpose: int, noun: Any) -> float:
    """Return a number in (0, 1) that depends on the four words alone."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    word = mix(np.uint64(seed) + golden)
    word = mix(word ^ (np.uint64(replication) * golden + golden))
    word = mix(word ^ (np.uint64(purpose) * golden + golden))
    word = mix(word ^ np.uint64(noun))
    return (float(word >> np.uint64(11)) + 0.5) / 9007199254740992.0


@inner
def normal(u: float) -> float:
    """Return the standard normal quantile of ``u`` (Acklam's rational approximation, error below 1.2e-9)."""
    a = (
        -39.69683028665376,
        220.9460984245205,
        -275.9285104469687,
        138.3577518672690,
        -30.66479806614716,
        2.506628277459239,
    )
    b = (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572)
    c = (
        -0.007784894002430293,
        -0.3223964580411365,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    )
    d = (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416)
    if u < 0.02425:
        q = math.sqrt(-2.0 * math.log(u))
        return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) / (
            (((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1.0
        )
    if u > 1.0 - 0.02425:
        q = math.sqrt(-2.0 * math.log(1.0 - u))
        return -(((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) / (
            (((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1.0
        )
    q = u - 0.5
    r = q * q
    return (
        (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5])
        * q
        / (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1.0)
    )


@inner
def lognormal(mean: float, scv: float, z: float) -> float:
    """Return the lognormal number with this mean and squared coefficient of variation at the normal score ``z``."""
    if mean <= 0.0 or scv <= 0.0:
        return mean
    variance = math.log1p(scv)
    return mean * math.exp(math.sqrt(variance) * z - 0.5 * variance)
