"""The demo cannot be switched on in production by mistake, and touches nothing but its folder."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from plenara.operations import demo_folder
from tests.installations import Installation, free_port

PRINT_SETTINGS = (
    "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'plenara.config.demo_settings'\n"
    "from django.core.exceptions import ImproperlyConfigured\n"
    "try:\n"
    "    from django.conf import settings\n"
    "    mailer, database = settings.MAILERS['default'], settings.DATABASES['default']\n"
    "    print(settings.DEMO, settings.DATA, mailer['BACKEND'].endswith('Postbox'), database['NAME'])\n"
    "except ImproperlyConfigured as error: print('refused:', error)\n"
)


def test_no_name_in_the_environment_makes_an_installation_a_demo(installation):
    installation.names = {
        "DJANGO_SETTINGS_MODULE": "plenara.config.demo_settings",
        "PLENARA_DEMO": "1",
        "DEMO": "True",
        "DEBUG": "True",
    }
    code = (
        "from plenara.operations import startup; startup.start(); from django.conf import settings; import os\n"
        "from django.urls import Resolver404, resolve\n"
        "try: found = resolve('/demo/')\n"
        "except Resolver404: found = None\n"
        "print(settings.DEMO, settings.DEBUG, os.environ['DJANGO_SETTINGS_MODULE'], found)"
    )
    assert installation.run(code=code, forks=False).stdout == "False False plenara.config.settings None\n"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"PLENARA_DATABASE_URL": "postgresql://db/plenara"}, "PLENARA_DATABASE_URL is set"),
        ({"PLENARA_SITE_URL": "https://consult.example.org"}, "PLENARA_SITE_URL is an address that others can reach"),
        ({"PLENARA_SITE_URL": "http://consult.example.org"}, "PLENARA_SITE_URL is an address that others can reach"),
        ({"PLENARA_SITE_URL": "https://127.0.0.1"}, "PLENARA_SITE_URL is an address that others can reach"),
    ],
)
def test_it_refuses_where_people_could_meet_it(names, words, tmp_path):
    with pytest.raises(ImproperlyConfigured, match=words):
        demo_folder.require_harmless(names)
    ran = Installation(tmp_path / "var", names=names).run("demo", "--port", free_port())
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"plenara demo: {words}")
    assert not (tmp_path / "var").exists()


def test_its_settings_refuse_a_folder_that_is_no_demo(tmp_path):
    (tmp_path / "var/demo").mkdir(parents=True)
    assert "is not the folder of a demo" in Installation(tmp_path / "var").run(code=PRINT_SETTINGS).stdout


def test_its_settings_know_the_demo_alone(tmp_path):
    folder = tmp_path / "var/demo"
    demo_folder.mark(folder)
    names = {"PLENARA_MAIL_URL": "smtp://mail.example", "PLENARA_SECRET_KEY": "s" * 60, "PLENARA_KEEP_IP_DAYS": "x"}
    ran = Installation(tmp_path / "var", names=names).run(code=PRINT_SETTINGS)
    assert ran.stdout == f"True {folder} True {folder / 'plenara.sqlite3'}\n"
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == ["demo"]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    file = tmp_path / "var/demo/file"
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    ran = Installation(tmp_path / "var").run("demo", "--reset", "--port", free_port())
    assert (ran.returncode, "was not created by the demo. Move or rename it." in ran.stderr) == (1, True)
    assert file.read_text() == "mine"


def test_a_build_that_was_killed_leaves_no_half_demo(tmp_path):
    left = tmp_path / "demo.building-killed"
    demo_folder.mark(left / "demo")

    def interrupt():
        assert not left.exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), demo_folder.workshop(tmp_path):
        interrupt()
    assert list(tmp_path.iterdir()) == []
    with demo_folder.workshop(tmp_path) as folder:
        (folder / "demo/content").write_text("content")
        assert not (tmp_path / "demo").exists()
    assert (tmp_path / "demo/content").read_text() == "content"


def test_a_demo_that_runs_is_not_reset_under_its_feet(tmp_path):
    demo_folder.mark(tmp_path / "demo")
    (tmp_path / "beside").write_text("mine")
    with demo_folder.in_use(tmp_path / "demo"):
        assert not demo_folder.delete(tmp_path / "demo")
    assert demo_folder.delete(tmp_path / "demo")
    assert [path.name for path in tmp_path.iterdir()] == ["beside"]
