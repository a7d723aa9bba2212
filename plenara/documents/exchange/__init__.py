"""The translators' own files: XLIFF 2 and two-column DOCX for renditions, TMX for a memory, TBX and CSV for a glossary.

A file is data from outside. `validation.py` bounds it before anything reads it; a reader gives rows that know nothing
of the database; `actions/incoming_files.py`, `documents/actions/glossary.py` and `documents/queries/translations.py`
judge them, and take what is right.
"""
