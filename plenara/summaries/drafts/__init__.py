"""First drafts of a summary, on request: statements from sentences of participants, each with its citations."""
