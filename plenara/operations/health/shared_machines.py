"""Checks of what several machines share, for `plenara check`: the object storage, the replica."""

import secrets
from collections.abc import Iterator
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connections

from plenara.core import store
from plenara.core.rows import Json
from plenara.operations.environment import LOOPBACK
from plenara.operations.health import Finding

STORAGE, REPLICA = "PLENARA_STORAGE_URL", "PLENARA_READ_DATABASE_URL"
#: Seconds behind the primary from which on there is a warning.
BEHIND = 5


def storage() -> Iterator[Finding]:
    """Try the object storage as it is used: put, read, list, delete. Its keys are not shown."""
    if not store.is_shared():
        return
    options = cast(dict[str, Json], settings.STORAGES)["default"]["OPTIONS"]
    host = urlsplit(options["endpoint_url"]).hostname
    if options["endpoint_url"].startswith("http://") and host not in LOOPBACK:
        yield Finding(STORAGE, "uses http: papers are sent unencrypted. Remove secure=0.", False)
    probe, folder = secrets.token_bytes(32), store.exports() / f"check.{secrets.token_hex(4)}"
    try:
        (folder / "probe").put(probe)
        is_right = (folder / "probe").read_bytes() == probe and list(folder.listed()) == ["probe"]
        (folder / "probe").forget()
        is_right = is_right and not (folder / "probe").exists()
    except (store.Away, FileNotFoundError) as error:
        reason = getattr(error, "reason", "a stored object is missing")
        yield Finding(
            STORAGE,
            f"names a storage that does not work ({reason}). Check that the bucket exists and that "
            "the key may list, get, put and delete.",
        )
        return
    if not is_right:
        yield Finding(STORAGE, "names a storage that does not return what was stored. Choose another.")
    else:
        yield Finding(STORAGE, f"answers: {options['bucket_name']} at {host}.", is_wrong=False)


def replica() -> Iterator[Finding]:
    """Check that the replica is one of our database, and how far it is behind."""
    if "replica" not in connections:
        return
    try:
        with connections["replica"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_is_in_recovery(), coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0), "
                "pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()"
            )
            follows, seconds, is_level = cursor.fetchone()
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            there = cursor.fetchone()
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            here = cursor.fetchone()
    except DatabaseError as error:
        yield Finding(REPLICA, f"names a database that refuses the connection ({type(error).__name__}). Pages fail.")
        return
    if there != here:
        yield Finding(
            REPLICA, "names a database that is not a replica of this database. Pages would show another record."
        )
    elif not follows:
        yield Finding(REPLICA, "names the primary database itself. Unset it, or name a replica.", is_wrong=False)
    elif not is_level and seconds > BEHIND:
        yield Finding(REPLICA, f"is {seconds:.0f} s behind. Pages change with this delay.")
    else:
        yield Finding(REPLICA, "answers, and is in step with the primary.", is_wrong=False)
