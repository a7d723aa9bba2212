"""A static copy of a consultation: its whole public record as files with the same addresses, for any web server.

`queries.contents` lists its addresses, `rendering` renders one without a server, `batches` writes the files of some,
`processes` divides this among the cores, `actions` makes the copy, `folder` writes files safely against a kill and
stores on the disk what belongs to the copy. `validation` compares a copy with the bundle in it and needs no database.
"""

FORMAT = "plenara-mirror/1"
#: The file that marks a copy, written last; and the checksums of all its files, in the format of `sha256sum`.
MARK, MANIFEST = "mirror.json", "manifest-sha256.txt"
