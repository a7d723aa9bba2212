"""Files in a bucket of an object storage that speaks S3, shared by every machine.

In this protocol an object is visible whole or not at all, and replaced atomically. Nothing here is public, and
no address of the storage is published: files are sent through our views, which check permissions each time.
"""

import datetime
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.utils.functional import cached_property
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from plenara.core.rows import Json
from plenara.core.store import Away, Entry

PIECE = 65_536
#: Seconds to connect, and for each answer; the most attempts; seconds without requests after a failure.
CONNECT, READ, ATTEMPTS, REST = 3, 10, 2, 5
#: How often an interrupted download is resumed.
RESUMED = 3
#: Larger files are uploaded in parts, one after another: eight megabytes of memory whatever the size.
PART = 8 * 1024 * 1024
_GONE = {"404", "NoSuchKey", "NotFound"}


class Bucket(S3Storage):
    """The bucket, as `STORAGES` names it, and its client."""

    def __init__(self, **options: object):
        config = Config(
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            max_pool_connections=16,
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # Servers other than Amazon's do not support checksums in trailers; names and sizes are compared with ours.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(**{"default_acl": None, "file_overwrite": True, "client_config": config, **options})
        self._rests_until = 0.0

    @cached_property
    def client(self) -> BaseClient:
        """Return the client, which all threads share."""
        with _making:
            return self._create_session().client(
                "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
            )

    def call(self, operation: str, **parameters: object) -> Json:
        """Return the storage's response. Raises `FileNotFoundError`, and `Away` for every other failure.

        After a failure there is no request for some seconds, so that requests do not pile up.
        """
        with self.answers():
            return getattr(self.client, operation)(Bucket=self.bucket_name, **parameters)

    @contextmanager
    def answers(self) -> Iterator[None]:
        """Convert the errors of the library into ours."""
        if time.monotonic() < self._rests_until:
            raise Away("did not answer a moment ago")
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _GONE:
                raise FileNotFoundError("no such object") from None
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
            raise Away(f"HTTP {status}, {code}") from None
        except HTTPClientError as error:  # unreachable, too slow, or interrupted
            self._rests_until = time.monotonic() + REST
            raise Away(type(error).__name__) from None
        except RecursionError:  # a redirect loop of the server
            raise Away("redirects without end") from None
        except (BotoCoreError, Boto3Error, HTTPError) as error:
            raise Away(type(error).__name__) from None


_making = threading.Lock()


class InBucket:
    """A key of the bucket with the interface of `Stored`."""

    def __init__(self, bucket: Bucket, path: str, beside: Path):
        self._bucket, self._path, self._beside = bucket, path, beside

    def __truediv__(self, name: str) -> "InBucket":
        return InBucket(self._bucket, f"{self._path}/{name}", self._beside / name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InBucket) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """Return the last part of the key."""
        return self._path.rpartition("/")[2]

    @property
    def key(self) -> str:
        """Return the whole key."""
        return f"{self._bucket.location.strip('/')}/{self._path}".lstrip("/")

    def exists(self) -> bool:
        """Return whether the object exists."""
        try:
            self.size()
        except FileNotFoundError:
            return False
        return True

    def size(self) -> int:
        """Return the object's size. Raises `FileNotFoundError`."""
        return int(self._bucket.call("head_object", Key=self.key)["ContentLength"])

    def read_bytes(self) -> bytes:
        """Return the object. Raises `FileNotFoundError`."""
        return b"".join(self.pieces())

    def read_text(self, encoding: str | None = None) -> str:
        """Return the object as text. Raises `FileNotFoundError`."""
        return self.read_bytes().decode(encoding or "utf-8")

    def put(self, data: bytes) -> None:
        """Upload an object."""
        self._bucket.call("put_object", Key=self.key, Body=data)

    def take(self, path: Path) -> None:
        """Upload a file of this disk, and delete it here. A large one is visible after its last part."""
        size = path.stat().st_size
        config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
        with self._bucket.answers():
            self._bucket.client.upload_file(str(path), self._bucket.bucket_name, self.key, Config=config)
        if self.size() != size:
            raise Away("stored another size")
        path.unlink()

    def pieces(self, part: range | None = None) -> Iterator[bytes]:
        """Return the object piece by piece; the request is sent before this returns."""
        return self._go_on(self._begin(part), part)

    def _begin(self, part: range | None, etag: str | None = None) -> Json:
        parameters = {"Range": f"bytes={part.start}-{part.stop - 1}"} if part else {}
        return self._bucket.call("get_object", Key=self.key, **parameters, **({"IfMatch": etag} if etag else {}))

    def _go_on(self, answer: Json, part: range | None) -> Iterator[bytes]:
        """Yield the pieces. After an interruption, request the rest of the same object."""
        first = part.start if part else 0
        end, resumed = first + answer["ContentLength"], 0
        while True:
            try:
                with answer["Body"] as body:
                    while piece := body.read(PIECE):
                        first += len(piece)
                        yield piece
                if first == end:
                    return
                raise Away("broke off")
            except (HTTPError, BotoCoreError, OSError, Away) as error:
                resumed += 1
                if resumed > RESUMED or first == end:
                    raise error if isinstance(error, Away) else Away(type(error).__name__) from None
            answer = self._begin(range(first, end), answer["ETag"])

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Return an unnamed copy on this disk."""
        with TemporaryFile(dir=_made(self._beside.parent)) as file:
            file.writelines(self.pieces())
            file.flush()
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            yield file

    def listed(self) -> dict[str, Entry]:
        """Return the objects below, a thousand in one response."""
        found: dict[str, Entry] = {}
        prefix = f"{self.key}/"
        parameters: dict[str, str] = {}
        while True:
            answer = self._bucket.call("list_objects_v2", Prefix=prefix, **parameters)
            for each in answer.get("Contents", ()):
                moment: datetime.datetime = each["LastModified"]
                found[each["Key"].removeprefix(prefix)] = Entry(each["Size"], moment)
            if not answer.get("IsTruncated"):
                return found
            parameters = {"ContinuationToken": answer["NextContinuationToken"]}

    def forget(self) -> None:
        """Delete the object."""
        try:
            self._bucket.call("delete_object", Key=self.key)
        except FileNotFoundError:
            pass

    def forget_all(self) -> None:
        """Delete all objects below, one by one, since not every storage can delete many at once."""
        for name in self.listed():
            (self / name).forget()
        shutil.rmtree(self._beside, ignore_errors=True)

    def workshop(self) -> Path:
        """Return a local folder for it; its content is disposable."""
        return _made(self._beside)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
