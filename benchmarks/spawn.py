"""Run a command and print its seconds, peak memory [MB] and output as JSON: ``python benchmarks/spawn.py COMMAND``.

A process counts the memory of the one that started it until it becomes itself, so a large process cannot measure a
small one; this one is small.
"""

import json
import os
import subprocess
import sys
import time

if __name__ == "__main__":
    began = time.perf_counter()
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout as stream:
        printed = stream.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - began
    print(json.dumps({"seconds": taken, "memory": usage.ru_maxrss / 1024, "printed": printed}))
    sys.exit(child.returncode)
