"""What makes this an installation: settings, addresses, WSGI, logging, middleware."""
