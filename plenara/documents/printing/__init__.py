"""What is printed of documents: a document on paper, as a Word document, as plain text.

`paper` is what stands on it, whatever the form; each kind of document puts its papers together from the record with
`notes`, `entries` and `bylines`; `pdf`, `word` and `plain` write them; `files` and `enqueuing` keep what was written.
"""
