"""How large a file may be that somebody sends: what is larger is let go while it comes, and the form says so."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from plenara.contributions.papers import MOST_BYTES

#: Of all the files of one form together.
MOST_TOGETHER = 2 * MOST_BYTES


class Bounded(FileUploadHandler):
    """Counts what comes, and keeps nothing of a form whose files are larger than a paper may be."""

    def __init__(self, request: Any = None):
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MOST_TOGETHER:
            if self.request is not None:
                self.request.META["plenara.upload_too_large"] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the next handler keeps it
