"""Every figure of a public page, reckoned again from the rows of a bundle (docs/bundle.md) and from nothing else.

Pure functions: no database, no Django, nothing of what the pages themselves use. So a figure that agrees was reckoned
twice, by two programs, of which one knows only what everybody can download. docs/data.md says what each figure is.
"""

FORMAT = "plenara-figures/1"
