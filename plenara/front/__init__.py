"""The front process: what listens, keeps the pages that everybody gets alike, and asks Django for the rest.

Nothing of Django is imported here: a hit is answered by this process alone, and its memory stays small.
"""
