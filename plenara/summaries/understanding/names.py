"""Names under which things are kept elsewhere. Loads no library of numbers, so that any process can know them."""

#: What the vectors are of, among those that the search keeps: editions of contributions.
KIND = "edition"
