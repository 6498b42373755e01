"""Demand on a network: which ways it takes when each unit's way depends on all the others."""
