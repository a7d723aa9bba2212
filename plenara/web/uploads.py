"""How large a file may be that somebody sends, and where it lies: what is larger, or finds no room, is let go while it
comes, and the form says so."""

from typing import Any

from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    StopUpload,
    TemporaryFileUploadHandler,
)

from plenara.contributions.papers import MOST_BYTES
from plenara.web import away
from plenara.web.resending import NO_ROOM

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


class OnDisk(TemporaryFileUploadHandler):
    """Keeps a large file on the disk. Where that is full, the file is let go and the fields of its form are not."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._let_go(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._let_go(error)

    def file_complete(self, file_size: int) -> Any:
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._note(error)
            return None

    def _let_go(self, error: OSError) -> None:
        self._note(error)
        raise SkipFile from error

    def _note(self, error: OSError) -> None:
        """Note for the answer that the form came without this file; any other error is the program's own."""
        if self.request is None or not away.is_away(error):
            raise error
        self.request.META.setdefault(NO_ROOM, []).append((self.field_name, self.file_name))
