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
        yield Finding(STORAGE, "goes by http, so that papers can be read on their way: leave secure=0 out.", False)
    probe, folder = secrets.token_bytes(32), store.exports() / f"check.{secrets.token_hex(4)}"
    try:
        (folder / "probe").put(probe)
        is_right = (folder / "probe").read_bytes() == probe and list(folder.listed()) == ["probe"]
        (folder / "probe").forget()
        is_right = is_right and not (folder / "probe").exists()
    except (store.Away, FileNotFoundError) as error:
        reason = getattr(error, "reason", "what was put there is not there")
        yield Finding(
            STORAGE,
            f"names a storage that does not do what is asked of it ({reason}): see that the bucket is there, and that "
            "the key may list, get, put and delete.",
        )
        return
    if not is_right:
        yield Finding(STORAGE, "names a storage that does not give back what was put there: choose another.")
    else:
        yield Finding(STORAGE, f"answers: {options['bucket_name']} at {host}.", is_wrong=False)


def replica() -> Iterator[Finding]:
    """Check that the replica is one of our database, and how far it is behind."""
    if "replica" not in connections:
        return
    try:
        with connections["replica"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_is_in_recovery(), coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0),"
                " pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()"
            )
            follows, seconds, is_level = cursor.fetchone()
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            there = cursor.fetchone()
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            here = cursor.fetchone()
    except DatabaseError as error:
        yield Finding(REPLICA, f"names a database that does not let us in ({type(error).__name__}): pages fail.")
        return
    if there != here:
        yield Finding(REPLICA, "names a database that is no replica of ours: pages would show another record.")
    elif not follows:
        yield Finding(REPLICA, "names the primary itself: unset it, or name a replica.", is_wrong=False)
    elif not is_level and seconds > BEHIND:
        yield Finding(REPLICA, f"is {seconds:.0f} s behind: pages change that much later.")
    else:
        yield Finding(REPLICA, "answers, and is level with the primary.", is_wrong=False)
