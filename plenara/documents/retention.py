"""What is not kept: translators' files that nobody confirmed, and the names of those that were."""

import datetime

from plenara.core import clock
from plenara.core.transaction import writing
from plenara.documents.models import IncomingFile

#: How long the rows of a file wait for somebody who confirms them.
UNCONFIRMED = datetime.timedelta(days=7)


@writing
def sweep() -> int:
    """Delete the files that came more than seven days ago; return how many. What was taken of them stays."""
    files, _by_model = IncomingFile.objects.filter(at__lt=clock.now() - UNCONFIRMED).delete()
    return files
