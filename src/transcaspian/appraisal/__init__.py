"""Appraisal: what a project changes, in money, for whom and how surely. Arrays and terms in, tables out; no network.

Read ``cashflow`` first: every other module ends in a line of it.
"""
