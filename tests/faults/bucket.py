"""An object storage that can go away and come back with what it held."""

from contextlib import suppress
from urllib.parse import quote

import boto3
from moto.server import ThreadedMotoServer

from tests.installations import free_port

BUCKET, KEY, SECRET = "papers", "key-of-tests", "secret/of:tests"


class Storage:
    """The server, at a port that stays its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self._server: ThreadedMotoServer | None = None

    @property
    def names(self) -> dict[str, str]:
        """What an installation's environment says of it."""
        key = f"{quote(KEY, safe='')}:{quote(SECRET, safe='')}"
        return {"PLENARA_STORAGE_URL": f"s3://{key}@127.0.0.1:{self.port}/{BUCKET}?secure=0"}

    def start(self) -> None:
        """Be there."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        with suppress(client.exceptions.BucketAlreadyOwnedByYou):
            client.create_bucket(Bucket=BUCKET)

    def stop(self) -> None:
        """Be away."""
        if self._server is not None:
            self._server.stop()
            self._server = None
