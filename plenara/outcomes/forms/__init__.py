"""The forms of the outcomes' desk. What an input may be stands in `checks.py`; these carry it."""
