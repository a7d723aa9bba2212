"""Views of the API: each answers in JSON, with errors as problems."""
