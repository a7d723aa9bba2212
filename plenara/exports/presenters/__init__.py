"""How the record is written in forms other than HTML: tables, plain text, mail, citations, lists of addresses."""
