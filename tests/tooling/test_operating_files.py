"""The example files for operators: units of systemd, the image, the compose files, and what they have in common."""

import configparser
import re
import shutil
import subprocess

import pytest
import yaml

from plenara.cli import parser
from plenara.operations.environment import SETTINGS
from tools.messages.source import ROOT

FOLDER = ROOT / "docs" / "operating"
SERVICES = sorted(FOLDER.glob("*.service"))
COMPOSED = sorted(FOLDER.glob("compose*.yaml"))
#: A service's exposure in tenths, as `systemd-analyze security` counts it: from 0, fully enclosed, to 100.
MOST_EXPOSED = 20


def unit(name):
    """Return a unit's sections; of a name that is repeated, the last value."""
    read = configparser.RawConfigParser(strict=False, delimiters="=")
    read.optionxform = str
    read.read_string((FOLDER / name).read_text("utf-8"))
    return read


def composed(name):
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


def name_of(file):
    return file.name


@pytest.mark.parametrize("file", SERVICES, ids=name_of)
def test_a_service_is_enclosed(file):
    if not shutil.which("systemd-analyze"):
        pytest.skip("LEFT OUT: no systemd-analyze")
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", file]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-200:]


@pytest.mark.parametrize("file", [*SERVICES, FOLDER / "plenara.socket", FOLDER / "plenara-backup.timer"], ids=name_of)
def test_systemd_knows_every_line_of_a_unit(file, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("LEFT OUT: no systemd-analyze")
    # Only lines: the programs and the user are not on this machine.
    ran = subprocess.run(["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True)
    unknown = [line for line in ran.stderr.splitlines() if f"{file.name}:" in line]
    assert not [line for line in unknown if "is not executable" not in line]


def test_both_services_have_the_same_restrictions():
    def restrictions(name):
        lines = (FOLDER / name).read_text("utf-8").splitlines()
        begins = ("Protect", "Private", "Restrict", "NoNew", "Remove", "Capability", "Lock", "SystemCall")
        return [line for line in lines if line.startswith(begins)]

    assert restrictions("plenara.service") == restrictions("plenara-backup.service") != []


def test_a_restart_of_the_service_ends_its_processes_in_order_while_systemd_listens():
    service = unit("plenara.service")
    assert service["Service"]["KillMode"] == "mixed"
    assert service["Service"]["Type"] == "notify"
    assert "plenara.socket" in service["Unit"]["Requires"] and "plenara.socket" in service["Unit"]["After"]


def test_servers_in_front_ask_where_systemd_listens():
    listens = unit("plenara.socket")["Socket"]["ListenStream"]
    assert f"server {listens};" in (FOLDER / "nginx.conf").read_text("utf-8")
    assert f"{{$UPSTREAMS:{listens}}}" in (FOLDER / "Caddyfile").read_text("utf-8")


def test_the_image_as_a_service_is_enclosed_and_gets_the_socket():
    """podman passes the socket to the first process of a container, which reads it in the machine's network."""
    service = unit("plenara.container")
    assert "plenara.socket" in service["Unit"]["Requires"] and "plenara.socket" in service["Unit"]["After"]
    container = service["Container"]
    assert (container["Network"], container["Notify"], container.get("RunInit")) == ("host", "true", None)
    assert container["ReadOnly"] == container["NoNewPrivileges"] == "true" and container["DropCapability"] == "all"
    _earlier, last = instructions()
    assert container["Volume"].endswith(f":{last['VOLUME']}")
    assert "--upgrade" in yaml.safe_load(last["CMD"])


def test_install_installs_every_unit():
    script = (FOLDER / "install").read_text("utf-8")
    for file in FOLDER.iterdir():
        if file.name.startswith("plenara") and file.suffix != ".container":
            assert file.suffix == "" or f'"$here"/plenara*{file.suffix}' in script
    assert subprocess.run(["sh", "-n", FOLDER / "install"]).returncode == 0


@pytest.mark.parametrize("arguments", [[], ["consult.example.org", "you@example.org"]], ids=["none", "no https"])
def test_install_refuses_wrong_arguments_before_it_does_anything(arguments):
    command = [shutil.which("sh"), FOLDER / "install", *arguments]
    ran = subprocess.run(command, env={"PATH": "/nowhere"}, capture_output=True, text=True)
    assert ran.returncode == 2
    assert ran.stderr.startswith("usage: install ADDRESS EMAIL [PROVIDERS]")


def instructions():
    """Return the instructions of the image's last stage, each with its arguments."""
    text = re.sub(r"^#.*\n", "", (FOLDER / "Containerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    found = [line.split(" ", 1) for line in lines if line]
    last = max(number for number, (name, _rest) in enumerate(found) if name == "FROM")
    return found[:last], dict(found[last:])


def test_the_image_runs_without_root_on_one_volume_and_reports_its_health():
    _earlier, last = instructions()
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last["USER"])
    assert f"PLENARA_DATA={last['VOLUME']} " in last["ENV"]
    assert f":{last['EXPOSE']}/health/" in last["HEALTHCHECK"]
    command = yaml.safe_load(last["CMD"])
    assert parser().parse_args(command).port == int(last["EXPOSE"])


def test_the_image_has_no_compiler_and_no_installer():
    earlier, last = instructions()
    assert "RUN" not in last
    installed = " ".join(rest for name, rest in earlier if name == "RUN")
    assert not re.search(r"gcc|g\+\+|build-essential|-dev\b", installed)
    assert "--only-binary :all: --require-hashes" in installed and "pip uninstall --yes pip" in installed


@pytest.mark.parametrize("file", COMPOSED, ids=name_of)
def test_a_compose_file_names_only_volumes_and_settings_that_exist(file):
    content = composed(file.name)
    named = set()
    for service in content["services"].values():
        named |= {volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith("./")}
        if service["image"] == "plenara":
            assert set(service["environment"]) <= {setting.name for setting in SETTINGS}
            assert service["read_only"] and service["cap_drop"] == ["ALL"]
            assert service["security_opt"] == ["no-new-privileges:true"]
            parser().parse_args(service.get("command", ["serve"]))
        assert set(service.get("depends_on", [])) <= set(content["services"])
    assert named == set(content["volumes"])


def test_the_two_web_servers_share_everything_but_their_volume():
    services = composed("compose-machines.yaml")["services"]
    first, second, worker = services["web-1"], services["web-2"], services["worker"]
    assert {name for name in first if first[name] != second[name]} == {"volumes"}
    assert first["environment"] == worker["environment"] == services["migrate"]["environment"]
    assert services["caddy"]["environment"]["UPSTREAMS"].split() == ["web-1:8000", "web-2:8000"]
