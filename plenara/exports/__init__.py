"""The record in other forms: files to download, tables, plain text, references, feeds; and what every form reads and
says of it.
"""
