"""What each test runs, and from it the tests that a change can touch (`bin/test --changed`).

A run on SQLite records, for each test, the files of the product whose functions it called and the templates that it
rendered, and how long it took. Nobody reads the records of CI, so it makes none. `python -m tests.changed [REVISION]`
prints the tests to run after a change: those that called into a changed file, the closest first, as many as take a
minute.
"""

import functools
import gc
import json
import os
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = f"{ROOT}/plenara/"
RECORD = ROOT / ".pytest_cache/d/plenara/touched.json"
#: Seconds of tests, as one processor takes them: two run them, and forms and types are checked before.
BUDGET = 60

# --- while tests run --------------------------------------------------------------------------------------------------


class Recorder:
    """Notes the files that each test calls into: a callback at the first call of each function. It costs a tenth."""

    def __init__(self, config: pytest.Config, tool: int = 4):
        self._config = config
        self._tool = tool
        self._is_on = False
        self._modules = 0
        self._watched: set[types.CodeType] = set()
        self.touched: set[str] = set()
        self._tests: dict[str, tuple[float, list[str]]] = {}

    @pytest.hookimpl(tryfirst=True)  # before conftest hides from gc what is there
    def pytest_collection_finish(self, session):
        is_read = os.environ.get("CI") != "true" and "PLENARA_DATABASE_URL" not in os.environ
        if is_read and (hasattr(self._config, "workerinput") or not self._config.getoption("numprocesses", None)):
            self.start()

    def start(self) -> None:
        from django.test.signals import template_rendered

        sys.monitoring.use_tool_id(self._tool, "plenara-tests")
        sys.monitoring.register_callback(self._tool, sys.monitoring.events.PY_START, self._called)
        template_rendered.connect(self._rendered)
        self._watch_new_modules()
        self._is_on = True

    def stop(self) -> None:
        from django.test.signals import template_rendered

        sys.monitoring.free_tool_id(self._tool)
        template_rendered.disconnect(self._rendered)
        self._is_on = False

    def _called(self, code, _offset):
        self.touched.add(code.co_filename)
        return sys.monitoring.DISABLE

    def _rendered(self, template, **_more):
        self.touched.add(template.origin.name)

    def _watch_new_modules(self):
        """Ask to be called by the functions of modules that were loaded since."""
        modules = sum(name.startswith("plenara.") for name in sys.modules)
        if modules == self._modules:
            return
        self._modules = modules
        for each in gc.get_objects():
            # Not isinstance: it would evaluate whatever is lazy.
            if type(each) is types.FunctionType and each.__code__.co_filename.startswith(PRODUCT):
                self._watch(each.__code__)

    def _watch(self, code):
        if code not in self._watched:
            self._watched.add(code)
            sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.PY_START)
            for each in code.co_consts:
                if isinstance(each, types.CodeType):
                    self._watch(each)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        if not self._is_on:
            return (yield)
        self._watch_new_modules()
        self.touched = set()
        sys.monitoring.restart_events()
        began = time.process_time()
        try:
            return (yield)
        finally:
            files = sorted(each.removeprefix(f"{ROOT}/") for each in self.touched if each.startswith(PRODUCT))
            self._tests[item.nodeid] = (round(time.process_time() - began, 3), files)

    def pytest_sessionfinish(self, session):
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput["touched"] = self._tests
        elif self._tests:
            write(self._tests)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node, error):
        self._tests |= getattr(node, "workeroutput", {}).get("touched", {})


def write(tests: dict[str, tuple[float, list[str]]]) -> None:
    """Add what a run has recorded to what is kept of earlier ones; a test whose file has gone leaves."""
    known = read() | tests
    kept = {test: what for test, what in known.items() if (ROOT / test.partition("::")[0]).exists()}
    files = sorted({file for _seconds, touched in kept.values() for file in touched})
    number = {file: n for n, file in enumerate(files)}
    rows = {test: [seconds, [number[each] for each in touched]] for test, (seconds, touched) in kept.items()}
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    half = RECORD.with_suffix(f".{os.getpid()}")  # two databases are asked at once
    half.write_text(json.dumps({"files": files, "tests": rows}, separators=(",", ":")))
    half.replace(RECORD)


def read() -> dict[str, tuple[float, list[str]]]:
    """Return of each test its seconds and the files it touched; nothing where no run has been recorded."""
    try:
        kept = json.loads(RECORD.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    files = kept["files"]
    return {test: (seconds, [files[n] for n in touched]) for test, (seconds, touched) in kept["tests"].items()}


# --- after a change ---------------------------------------------------------------------------------------------------


def changed_files(revision: str) -> list[str]:
    """Return the files that differ from a revision, and those that git does not know yet."""
    run = functools.partial(subprocess.run, cwd=ROOT, check=True, capture_output=True, text=True)
    differ = run(["git", "diff", "--name-only", revision]).stdout
    return sorted(
        {*differ.splitlines(), *run(["git", "ls-files", "--others", "--exclude-standard"]).stdout.splitlines()}
    )


def tests_beside(file: str) -> list[str]:
    """Return the test files that hold what nobody has recorded: a new module, a table, a fixture, a page of docs."""
    first, _slash, rest = file.partition("/")
    if first == "tests" and Path(file).name.startswith("test_"):
        return [file] if (ROOT / file).exists() else []
    package = "demo" if first == "plenara_sample" else rest.partition("/")[0]
    folder = Path(file).parent if first == "tests" else Path("tests", package)
    if first not in {"plenara", "plenara_sample", "tests"} or folder == Path("tests") or not (ROOT / folder).is_dir():
        folder = Path("tests/tooling")
    return sorted(str(each.relative_to(ROOT)) for each in (ROOT / folder).rglob("test_*.py"))


def selected(files: list[str], record: dict[str, tuple[float, list[str]]]) -> tuple[list[str], int]:
    """Return the tests that a change of these files asks for, the closest first, and how many more it can touch."""
    changed = set(files)
    whole = {
        file for file in files if file.startswith("tests/") and (ROOT / file).exists() and tests_beside(file) == [file]
    }
    touched = {file for _seconds, of_test in record.values() for file in of_test}
    besides = [test for file in files if file not in touched | whole for test in tests_beside(file)]
    own = {str(Path("tests", *Path(file).parts[1:2])) + "/" for file in files if file.startswith("plenara/")}

    def distance(test: str) -> tuple[bool, int, str]:
        return not test.startswith(tuple(own)), len(record[test][1]), test

    waiting = sorted((test for test, (_s, of_test) in record.items() if changed.intersection(of_test)), key=distance)
    chosen, left, seconds = [*sorted(whole), *dict.fromkeys(besides)], 0, 0.0
    for test in waiting:
        if test.partition("::")[0] in chosen:
            continue
        if seconds + record[test][0] > BUDGET:
            left += 1
            continue
        seconds += record[test][0]
        chosen.append(test)
    return chosen, left


def main() -> int:
    """Print the tests to run, one a line, and to standard error what is left out."""
    files = changed_files(sys.argv[1] if len(sys.argv) > 1 else "HEAD")
    if not files:
        sys.stderr.write("Nothing has changed since the last commit.\n")
        return 0
    record = read()
    if not record:
        sys.stderr.write("No run has been recorded yet: the tests beside each changed file are run.\n")
    tests, left = selected(files, record)
    sys.stderr.write(f"{len(files)} files have changed; {len(tests)} tests and files of tests are run.\n")
    if left:
        sys.stderr.write(f"LEFT OUT: {left} more tests that the changes can touch: bin/test runs them.\n")
    sys.stdout.write("".join(f"{each}\n" for each in tests))
    return 0


if __name__ == "__main__":
    sys.exit(main())
