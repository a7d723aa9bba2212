"""What follows: a file that nobody confirmed is forgotten."""

from plenara.core.transaction import writes
from plenara.themes.models import ThemeFile


def forget_file(file_id: int) -> None:
    """Forget a file that was neither brought in nor dropped."""
    with writes():
        ThemeFile.objects.filter(pk=file_id).delete()
