"""The record in forms other than HTML: tables, plain text, mailboxes, citations, lists of addresses."""
