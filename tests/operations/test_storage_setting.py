"""Settings of the object storage and of the replica: what they may be, and that no key is ever shown."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from plenara.operations import environment
from plenara.operations.health import listed

SECRET = "s3cret/of:mine"
GOOD = "s3://AKIA123:s3cret%2Fof%3Amine@objects.example.org:9000/papers/site/one?region=eu-west-1&secure=0"


def test_the_setting_names_key_place_prefix_and_region(monkeypatch):
    monkeypatch.setenv("PLENARA_STORAGE_URL", GOOD)
    assert environment.bucket() == {
        "access_key": "AKIA123",
        "secret_key": SECRET,
        "bucket_name": "papers",
        "location": "site/one",
        "endpoint_url": "http://objects.example.org:9000",
        "region_name": "eu-west-1",
    }


def test_it_goes_by_tls_unless_the_setting_says_otherwise(monkeypatch):
    monkeypatch.setenv("PLENARA_STORAGE_URL", "s3://k:s@[2001:db8::1]/papers")
    found = environment.bucket()
    assert found["endpoint_url"] == "https://[2001:db8::1]"
    assert (found["location"], found["region_name"]) == ("", "us-east-1")


def test_without_the_setting_there_is_no_bucket(monkeypatch):
    monkeypatch.delenv("PLENARA_STORAGE_URL", raising=False)
    assert environment.bucket() is None


@pytest.mark.parametrize(
    "url",
    [
        "https://AKIA123:s3cret@objects.example.org/papers",
        "AKIA123:s3cret@objects.example.org/papers",
        "s3://objects.example.org/papers",
        "s3://AKIA123@objects.example.org/papers",
        "s3://AKIA123:s3cret@/papers",
        "s3://AKIA123:s3cret@objects.example.org",
        "s3://AKIA123:s3cret@objects.example.org/P",
        "s3://AKIA123:s3cret@objects.example.org/papers/../other",
        "s3://AKIA123:s3cret@objects.example.org/papers/a//b",
        "s3://AKIA123:s3cret@objects.example.org:port/papers",
        "s3://AKIA123:s3cret/more@objects.example.org/papers",
        "s3://AKIA123:s3cret@objects.example.org/papers?secure=no",
        "s3://AKIA123:s3cret@objects.example.org/papers?key=1",
    ],
)
def test_a_wrong_one_stops_the_start_with_its_name_and_never_with_its_key(monkeypatch, url):
    monkeypatch.setenv("PLENARA_STORAGE_URL", url)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.bucket()
    assert str(refused.value).startswith("PLENARA_STORAGE_URL must be s3://KEY:SECRET@HOST")
    assert "akia123" not in str(refused.value).lower()
    assert "s3cret" not in str(refused.value)


def test_the_list_of_settings_says_only_that_it_is_set():
    values = {name: value for name, value, _meaning in listed({"PLENARA_STORAGE_URL": GOOD})}
    assert values["PLENARA_STORAGE_URL"] == "(set, not shown)"


def test_a_replica_is_of_the_same_kind_and_never_migrated(monkeypatch):
    monkeypatch.setenv("PLENARA_DATABASE_URL", "postgresql://a@primary/plenara")
    monkeypatch.setenv("PLENARA_READ_DATABASE_URL", "postgresql://b:p@replica:5433/plenara?sslmode=require")
    found = environment.replica()["replica"]
    assert (found["HOST"], found["PORT"], found["USER"]) == ("replica", "5433", "b")
    assert {"connect_timeout": "2", "sslmode": "require"}.items() <= found["OPTIONS"].items()
    assert found["TEST"] == {"MIRROR": "default"}


@pytest.mark.parametrize("primary", ["", "sqlite:////tmp/a", "postgresql://a@primary/plenara"])
def test_a_replica_of_sqlite_or_in_it_is_refused(monkeypatch, primary):
    monkeypatch.setenv("PLENARA_DATABASE_URL", primary)
    wrong = "sqlite:////tmp/b" if primary.startswith("postgresql") else "postgresql://b:pass@replica/plenara"
    monkeypatch.setenv("PLENARA_READ_DATABASE_URL", wrong)
    with pytest.raises(ImproperlyConfigured, match="PLENARA_READ_DATABASE_URL") as refused:
        environment.replica()
    assert "pass" not in str(refused.value)
