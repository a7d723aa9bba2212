"""What is printed of summaries: a summary on paper, as a Word document, as plain text; the conference pack.

`showing`, `compiling`, `method`, `missing` and `annex` put papers together from the record; `documents.printing` writes
them; `files` and `packs` keep what was written.
"""
