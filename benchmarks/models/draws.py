"""An appraisal with draws as a whole process: setting up, solving every year again in every draw, and the report."""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT, process, say, seconds, table

LIMITS = {200: 60.0, 1000: 300.0}
"""Seconds that an appraisal with so many draws may take."""


def report() -> str:
    """Return the table of times: each once after one run that does not count, every draw made anew."""
    go = [sys.executable, str(ROOT / "go"), "appraise", "eu-2025"]
    process(go)
    rows = []
    for count, limit in LIMITS.items():
        say(f"  {count} draws")
        folder = Path(tempfile.mkdtemp())
        taken, memory, _ = process([*go, "--draws", str(count), "--report", str(folder)])
        shutil.rmtree(folder)
        rows.append(
            (
                f"{count:,} draws",
                seconds(taken),
                seconds(limit),
                "yes" if taken <= limit else "**no**",
                f"{memory:.0f} MB",
            )
        )
    head = ("`./go appraise eu-2025` with its report", "one run", "limit", "holds", "memory of the largest process")
    return table(head, rows)
