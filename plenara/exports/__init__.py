"""The record in other forms: files to download, tables, plain text, references, feeds; and the queries that all forms
share.
"""
