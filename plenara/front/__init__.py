"""The front process: listens, caches the pages that are the same for everybody, and forwards the rest to Django.

Nothing of Django is imported here: this process answers cache hits alone, and its memory stays small.
"""
