"""The Django project: settings, URLs, WSGI, logging, middleware."""
