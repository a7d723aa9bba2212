"""A static copy of a consultation: its whole public record as files with the same addresses, for any web server.

`places` says which addresses belong to it, `rendering` asks for one without a server, `links` lets nothing point to
what is not there, `folder` puts files down so that a kill does no harm, `run` remembers on the disk what belongs to
the copy, `copying` leads through all of it. `verifying` compares a copy with the bundle in it and needs no database.
"""

FORMAT = "plenara-mirror/1"
#: What says that a folder is a copy, put down last; and the checksums of all its files, as `sha256sum` reads them.
MARK, MANIFEST = "mirror.json", "manifest-sha256.txt"
