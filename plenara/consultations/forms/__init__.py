"""Forms of the consultation desk. They hold no rules: `checks.py` says what an input may be, `states.py` when."""
