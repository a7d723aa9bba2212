"""Views of the API: each answers in JSON, and says no as a problem."""
