"""Static files, collected for the web server into the data folder; again only when one of them has changed."""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Collect the static files unless they are there already; return whether it was necessary."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(mode=0o755, parents=True, exist_ok=True)
    mark = root / ".collected"
    with (root / ".collecting").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = _fingerprint()
        if mark.exists() and mark.read_text() == wanted:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(wanted)
    return True


def _fingerprint() -> str:
    """Return a checksum over name, size and time of every static file of the program."""
    sha256 = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            sha256.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return sha256.hexdigest()
