"""Compiled algorithms: arrays in, arrays out. No nouns, no exceptions: a status code says how it went.

- ``world``: the arrays every kernel reads, and how one arc is passed in time.
- ``paths``: shortest paths: bounds towards a target, one to all, one to one.
- ``pareto``: every trade-off of arrival, cost and emissions.
- ``choice``: the best chain of each route family (the choice-set generator).
- ``travel``: a chain travelled many times with drawn luck.
- ``bush``: user equilibrium and system optimum on a road network.
- ``events``, with ``scene``, ``stations`` and ``departures``: lots and vehicles as discrete events.
- ``draws``: counter-based random numbers.
"""
