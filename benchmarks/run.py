"""Measure what must hold, beside rivals in the same run: ``./go bench`` prints it, ``./go bench --write`` keeps it."""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))  # a script finds only its own folder
    import_module("benchmarks.report").main(sys.argv[1:])
