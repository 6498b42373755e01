"""The words and pages of results."""
