"""The command line: help for everything, one sentence for what goes wrong, and exit codes."""

import json
import subprocess
import sys

import pytest

from plenara import cli
from tests.bundles.bundles import contents, row, write
from tests.installations import RUN_ALL, Installation

COMMANDS = [
    "demo", "serve", "work", "check", "migrate", "upgrade", "create-organizer", "import", "export", "verify", "backup",
    "restore", "mirror",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"plenara {command}" in out
    assert len(out.splitlines()) > 5


def test_help_lists_every_command_and_loads_no_django():
    code = "import sys, plenara.cli as c\ntry: c.main(['--help'])\nfinally: assert 'django' not in sys.modules"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"    {command} " in ran.stdout for command in COMMANDS)


#: Ends each command where it loads Django.
_ENDS = """
from plenara.operations import startup

def start():
    raise startup.Failed("It loads Django.")

startup.start = start
"""


def test_no_command_uses_what_needs_django_before_it_loads_it(tmp_path):
    """Each begins in a process without Django. Most commands of other tests are forks of one that has loaded it."""
    commands = [
        ["serve"], ["work"], ["migrate"], ["upgrade"], ["create-organizer", "a@example.org"], ["import", "bundle"],
        ["export", "slug", "bundle"], ["backup", "file"], ["restore", "file"], ["mirror", "slug", "copy"], ["index"],
    ]  # fmt: skip
    ran = Installation(tmp_path / "nowhere").run(json.dumps(commands), code=_ENDS + RUN_ALL, forks=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [[1, "", f"plenara {name}: It loads Django.\n"] for name, *_rest in commands]


@pytest.mark.parametrize("arguments", [[], ["dance"], ["import"], ["export", "slug"], ["serve", "--port", "x"]])
def test_a_wrong_call_ends_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert "usage: plenara" in capsys.readouterr().err


def test_migrate_puts_the_action_lines_of_the_summit_into_a_new_list_and_into_no_other(new):
    first, again = new.run_all(["migrate"], ["migrate"])
    assert (first.code, again.code) == (0, 0)
    themes = dict(new.ask("SELECT code, vocabulary FROM themes_theme"))
    assert {f"C{number}" for number in range(1, 12)} <= set(themes) and set(themes.values()) == {"wsis"}
    assert sum(code.startswith("C7-") for code in themes) == 8
    assert len(themes) == 19
    assert new.ask("SELECT count(*) FROM core_auditentry WHERE verb = 'themes.learned'") == [(1,)]


def test_import_export_and_verify_from_an_empty_folder(new, tmp_path):
    bundle = write(tmp_path / "bundle", row("a", document="documents/a.txt"), row("b"), documents__a_txt="A paper.")
    out = tmp_path / "out.zip"
    first, again, exported, verified = new.run_all(
        ["import", bundle], ["import", bundle], ["export", "village-water", out], ["verify", out], forks=False
    )
    assert first.out.startswith("Imported village-water: 2 contributions, 1 document, in ")
    assert again.out == "village-water already exists here with the same content. Nothing was changed.\n"
    assert exported.out.startswith(f"Exported village-water to {out}: 3 files and a manifest, in ")
    assert set(contents(out)) == {
        "consultation.json", "contributions.jsonl", "documents/a.txt", "manifest-sha256.txt",
    }  # fmt: skip
    assert "contributions        2\n" in verified.out
    assert verified.out.endswith("No errors found.\n")
    assert [(each.code, each.errors) for each in (first, again, exported, verified)] == [(0, "")] * 4
    assert new.data.stat().st_mode & 0o777 == 0o700


def test_a_bad_bundle_is_refused_with_one_and_named_errors(installation, tmp_path):
    bundle = write(tmp_path / "bundle", *(row(f"a{n}", language="xx") for n in range(30)))
    for ran in installation.run_all(["import", bundle], ["verify", bundle]):
        assert (ran.code, ran.out) == (1, "")
        errors = ran.errors.splitlines()
        assert errors[0].startswith(f"{bundle} has 30 errors. ")
        assert errors[1].startswith("  contributions.jsonl, line 1, language: ")
        assert errors[-1] == "  and 10 more"
        assert len(errors) == 22


def test_verify_needs_no_installation(tmp_path):
    ran = Installation(tmp_path / "nowhere").run("verify", write(tmp_path / "bundle"), forks=False)
    assert ran.returncode == 0
    assert not (tmp_path / "nowhere").exists()


def test_what_goes_wrong_is_one_sentence_without_a_traceback(installation, tmp_path):
    (tmp_path / "text").write_text("hello")
    wrong = {
        "does not exist": ["import", tmp_path / "nowhere"],
        "nor a readable zip": ["import", tmp_path / "text"],
        "is not a bundle": ["verify", tmp_path],
        "There is no consultation 'nothing' here": ["export", "nothing", tmp_path / "out"],
        "is not a Plenara backup": ["restore", tmp_path / "text"],
        "address": ["create-organizer", "nobody"],
    }
    for words, ran in zip(wrong, installation.run_all(*wrong.values()), strict=True):
        assert (ran.code, ran.out) == (1, ""), words
        assert words in ran.errors
        assert ran.errors.count("\n") == 1
        assert ran.errors.startswith(f"plenara {wrong[words][0]}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLENARA_SITE_URL", "consult.example.org"),
        ("PLENARA_SECRET_KEY", "short"),
        ("PLENARA_DATABASE_URL", "mysql://somewhere"),
        ("PLENARA_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_is_named(name, value, tmp_path):
    ran = Installation(tmp_path / "var", names={name: value}).run("migrate")
    assert ran.returncode == 1
    assert name in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_is_reported_without_its_password(tmp_path):
    url = "postgresql://somebody:hush@127.0.0.1:1/plenara"
    ran = Installation(tmp_path / "var", url).run("migrate")
    assert ran.returncode == 1
    assert "PLENARA_DATABASE_URL" in ran.stderr
    assert "hush" not in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_create_organizer_prints_a_link_that_signs_in_and_again(installation):
    first, again = installation.run_all(
        ["create-organizer", "Lead@Example.org"], ["create-organizer", "lead@example.org"], forks=False
    )
    for ran in (first, again):
        assert (ran.code, ran.errors) == (0, "")
        sentence, link = ran.out.splitlines()
        assert sentence.startswith("lead@example.org is an organizer.")
        assert link.startswith("http://127.0.0.1:8000/en/account/")
    assert installation.ask("SELECT count(*) FROM accounts_person WHERE is_organizer") == [(1,)]
