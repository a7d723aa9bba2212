"""What is printed of summaries: a summary on paper, as a Word document, as plain text; the conference pack.

`paper` is what stands on it, whatever the form; `showing`, `compiling`, `method`, `missing` and `annex` put papers
together from the record; `pdf`, `word` and `plain` write them; `files` and `packs` keep what was written.
"""
