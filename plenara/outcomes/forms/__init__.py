"""The forms of the outcomes' desk. The rules for inputs are in `validation`."""
