"""Forms of the consultation desk. They hold no rules: `validation.py` says what an input may be, `states.py` when."""
