"""Run every benchmark and keep their last lines, ``name | ours | stock | ratio``, in benchmarks/results.txt.

usage: python benchmarks/run.py [NAME...]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.txt"


def last_lines(script: Path) -> list[str]:
    """The result lines of a benchmark; one that says so when it fails."""
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.count(" | ") == 3]
    if done.returncode or not lines:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no result"]
        return [f"{script.stem} | failed: {reason[0][:120]} | - | -"]
    return lines


def main() -> int:
    """Run all, or those that are named; 1 when one fails."""
    scripts = [path for path in sorted(FOLDER.glob("[!_]*.py")) if path != Path(__file__)]
    wanted = [path for path in scripts if not sys.argv[1:] or path.stem in sys.argv[1:]]
    lines: list[str] = []
    for script in wanted:
        for line in last_lines(script):
            print(line, flush=True)
            lines.append(line)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if any("| failed" in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
