"""The cost of a static copy: files, bytes, seconds and memory, also of a second run and a comparison.

    python -m benchmarks.mirror BUNDLE DATA COPY [--first 300]

Run it from the root. BUNDLE is a folder; DATA and COPY are new folders. The first copy, beside COPY, is made by one
process a core, the second by one process. With --first only the first contributions are taken, with their replies, so
that a large record is measured by its beginning.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path


def cut(bundle: Path, target: Path, first: int) -> Path:
    """Write a bundle with the first contributions alone, those that they answer, and no decisions on others."""
    target.mkdir(parents=True)
    rows = [json.loads(line) for line in (bundle / "contributions.jsonl").read_text().splitlines()]
    by_id = {row["id"]: row for row in rows}
    kept: dict[str, None] = {}
    for row in rows[:: max(len(rows) // first, 1)]:
        chain = [row["id"]]
        while answered := by_id[chain[-1]].get("in_reply_to"):
            chain.append(answered)
        kept.update(dict.fromkeys(chain))
    shutil.copy(bundle / "consultation.json", target)
    if (bundle / "themes.json").exists():
        shutil.copy(bundle / "themes.json", target)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows if row["id"] in kept)
    (target / "contributions.jsonl").write_text("\n".join(lines) + "\n")
    for row in rows:
        if row["id"] in kept and row.get("document"):
            (target / row["document"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(bundle / row["document"], target / row["document"])
    return target


def measured(*arguments: str) -> None:
    """Run a command, and print its output, its time, and the peak memory of all so far."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-P", "-m", "plenara.cli", *arguments], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    took = time.perf_counter() - began
    print(f"  {arguments[0]}: {took:.0f} s, {busy:.0f} s of processor, at most {after.ru_maxrss / 1024:.0f} MB")


def main() -> None:
    """Import, copy, copy again, compare."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("bundle", type=Path)
    asked.add_argument("data", type=Path)
    asked.add_argument("copy", type=Path)
    asked.add_argument("--first", type=int, default=0)
    options = asked.parse_args()
    os.environ |= {"PLENARA_DATA": str(options.data), "PYTHONPATH": os.getcwd()}
    bundle = cut(options.bundle, options.data / "cut", options.first) if options.first else options.bundle
    slug = json.loads((bundle / "consultation.json").read_text())["slug"]
    measured("import", str(bundle))
    measured("mirror", slug, f"{options.copy}-shared")
    measured("mirror", slug, str(options.copy), "--processes", "1")
    measured("mirror", slug, str(options.copy))
    measured("mirror", slug, str(options.copy), "--again")
    measured("verify", str(options.copy))


if __name__ == "__main__":
    main()
