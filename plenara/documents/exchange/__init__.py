"""The translators' own files: XLIFF 2 and two-column DOCX for renditions, TMX for a memory, TBX and CSV for a glossary.

A file is untrusted input. `validation.py` limits it before anything reads it, and a reader returns rows without access
to the database. `actions/` compares the rows with the database and saves the valid ones.
"""
