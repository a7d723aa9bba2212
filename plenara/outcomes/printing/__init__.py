"""What is printed of outcomes: a version on paper, as a Word document, as plain text; the dossier of a meeting.

`paragraphs` tells paragraphs of the record, `showing` puts a version together, `dossier` what a meeting discusses;
`documents.printing` writes them; `files` and `making` keep what was written.
"""
