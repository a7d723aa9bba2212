"""Translators' own files: written, read, limited, and compared with the present document."""
