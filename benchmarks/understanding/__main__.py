"""Every measure of how well the machines understand, one after the other.

    python -m benchmarks.understanding

Each also runs by itself, and reports what it leaves out if the public data is missing.
"""

import subprocess
import sys
from pathlib import Path

MODULES = ("validity", "grouping", "drafts", "support", "translation")


def main() -> int:
    """Run all modules; return 1 if one of them failed."""
    failed = 0
    for module in MODULES:
        if (Path(__file__).parent / f"{module}.py").exists():
            print(f"\n== {module} ==\n", flush=True)
            failed |= subprocess.run(
                [sys.executable, "-m", f"benchmarks.understanding.{module}"], check=False
            ).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
