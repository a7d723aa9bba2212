"""Queries of the record for all forms: the objects of an address, the existing files, the results of a search."""
