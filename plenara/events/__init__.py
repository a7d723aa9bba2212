"""The calendar: announced meetings and workshops."""
