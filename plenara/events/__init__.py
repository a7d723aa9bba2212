"""The calendar: meetings and workshops that somebody announced."""
