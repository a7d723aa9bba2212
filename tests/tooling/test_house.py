"""What a module may import follows from its kind: a module of that name, or any module of a folder of that name."""

import ast
import io
import re
import statistics
import tokenize

import pytest

from tools.messages.source import ROOT

PARTS = ("plenara", "plenara_sample", "tests", "tools", "benchmarks")
MODULES = sorted(
    file
    for part in ("plenara", "plenara_sample", "tools")
    for file in (ROOT / part).rglob("*.py")
    if "migrations" not in file.parts and file.name != "vendor_messages.py"
)

HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls", "plenara.core.views")
WRITING = ("plenara.core.audit", "plenara.core.cache_tags", "plenara.core.tasks")

# A kind of module, and the beginnings of what it may not import.
MAY_NOT_IMPORT = {
    "actions": HTTP,
    "models": (*HTTP, *WRITING, "plenara.email"),
    "permissions": (*HTTP, *WRITING),
    "tasks": ("django.http", "django.shortcuts", "django.views", "plenara.core.views"),
    "validation": (*HTTP, *WRITING),
}

KINDS = {
    *MAY_NOT_IMPORT, "emails", "forms", "personal_data", "presenters", "queries", "states", "templatetags", "views",
}  # fmt: skip
OF_THEIR_OWN = {"config", "core", "email", "front", "operations", "search"}


def of_kind(file, kind):
    """Return whether a module is of a kind: core and the packages that are not Django's have modules of their own."""
    folders = file.relative_to(ROOT).with_suffix("").parts
    return folders[1] != "core" and kind in folders[2:]


def imports(file):
    """Yield what a module imports, as `package.module.name`."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name, beginning):
    return name == beginning or name.startswith(f"{beginning}.")


def name_of(file):
    return file.relative_to(ROOT).as_posix()


def test_at_most_one_module_in_seven_is_of_none_of_the_kinds():
    paths = [
        name_of(file).removesuffix(".py").split("/")[1:] for file in MODULES if file.is_relative_to(ROOT / "plenara")
    ]
    paths = [parts for parts in paths if len(parts) > 1 and parts[0] not in OF_THEIR_OWN]
    plain = ("__init__", "apps", "urls")
    others = [parts for parts in paths if not KINDS.intersection(parts) and not parts[-1].startswith(plain)]
    assert others and len(others) <= len(paths) / 7, others


@pytest.mark.parametrize("kind", MAY_NOT_IMPORT)
def test_a_module_imports_nothing_that_its_kind_may_not(kind):
    modules = [file for file in MODULES if of_kind(file, kind)]
    wrong = [
        f"{name_of(file)} imports {name}"
        for file in modules
        for name in imports(file)
        if any(within(name, beginning) for beginning in MAY_NOT_IMPORT[kind])
    ]
    assert modules and not wrong


def test_permissions_and_validation_write_nothing():
    wrong = [
        f"{name_of(file)} imports {name}"
        for file in MODULES
        if of_kind(file, "permissions") or of_kind(file, "validation")
        for name in imports(file)
        if within(name, "plenara") and "actions" in name.split(".")
    ]
    assert not wrong


def test_nothing_but_addresses_imports_views():
    wrong = [
        f"{name_of(file)} imports {name}"
        for file in MODULES
        if not of_kind(file, "views") and not file.stem.startswith("urls")
        for name in imports(file)
        if within(name, "plenara") and "views" in name.split(".")[2:] and not within(name, "plenara.core.views")
    ]
    assert not wrong


def test_the_product_runs_without_the_sample():
    """Only the demo imports it: an installation need not have it."""
    importing = {name_of(file) for file in MODULES for name in imports(file) if within(name, "plenara_sample")}
    allowed = ("plenara_sample/", "plenara/demo/", "plenara/operations/commands/demo_command.py")
    assert not [name for name in importing if not name.startswith(allowed)]


def test_names_are_words_of_the_field_and_not_ours():
    """Words that had a meaning in this project alone are parts of no name of a file, a function or a variable."""
    own = {"bump", "crew", "door", "errand", "keeper", "laid", "ledger", "mine", "owe", "owed", "shelf", "standing"}
    own |= {"teller", "told", "twin", "twins"}
    wrong = []
    for file in (file for part in PARTS for file in (ROOT / part).rglob("*.py")):
        if "migrations" in file.parts:
            continue
        tokens = tokenize.generate_tokens(io.StringIO(file.read_text()).readline)
        names = {file.relative_to(ROOT).as_posix(), *(each.string for each in tokens if each.type == tokenize.NAME)}
        for name in names:
            words = re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", name).lower())
            if own.intersection(word.removesuffix("s") for word in words) or own.intersection(words):
                wrong.append(f"{name_of(file)}: {name}")
    assert not wrong


def test_no_module_listens_to_signals():
    wrong = [
        name_of(file)
        for file in MODULES
        if any(within(n, "django.dispatch") or within(n, "django.db.models.signals") for n in imports(file))
    ]
    assert not wrong


def test_consultations_and_contributions_are_locked_without_their_keys():
    """Every row that names one needs its key at commit: a lock of that too holds them all up, or is a deadlock."""
    locks = re.compile(r"\b(?:Consultation|Contribution)\.objects\b[^\n]*\.select_for_update\((?![^\n]*no_key=True)")
    wrong = [
        f"{name_of(file)}: {found[0]}"
        for file in MODULES
        for found in locks.finditer(re.sub(r"\n\s*\.", ".", file.read_text()))
    ]
    assert not wrong


def test_languages_inside_sentences_are_named_as_inside_sentences():
    """A label begins with a capital letter; inside a French, Spanish or Russian sentence a language does not."""
    in_template = re.compile(r"\{% blocktranslate ([^%]*\|language_name[^%]*)%\}\s*(.*?)\{% endblocktranslate", re.S)
    for file in (*ROOT.glob("plenara/**/*.html"), *ROOT.glob("plenara/**/*.txt")):
        for values, text in in_template.findall(file.read_text("utf-8")):
            for name in re.findall(r"(\w+)=[\w.]+\|language_name", values):
                assert text.startswith("{{ " + name + " }}"), f"{file}: {text}"
    for file in ROOT.glob("plenara/**/*.py"):
        text = file.read_text("utf-8")
        for name in re.findall(r'"(\w+)": language_name\(', text):
            assert f'"%({name})s' in text, f"{file}: {name}"


def test_templates_have_one_element_a_line():
    templates = (ROOT / "plenara").glob("*/templates/**/*.html")
    lengths = [len(line) for file in templates for line in file.read_text().splitlines()]
    assert statistics.median(lengths) <= 60
    assert sum(length > 120 for length in lengths) <= len(lengths) / 100
