"""This module owns the way to HiGHS: a program goes there quietly and comes back solved, or not at all."""

from typing import Any

import highspy
from highspy._core import _Highs


def solved(program: highspy.HighsLp) -> Any:
    """Return HiGHS's solution of a program, to the optimum.

    Raises
    ------
    AssertionError
        If it has none: those who make programs make them so that nothing at all is a solution.
    """
    solver: Any = _Highs()  # the class without callbacks: the other prints its licence before it can be silenced
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise AssertionError(f"HiGHS: {solver.modelStatusToString(solver.getModelStatus())}")
    return solver.getSolution()
