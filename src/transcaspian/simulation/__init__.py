"""The verb ``simulate``: the corridor as discrete events, and what they show."""
