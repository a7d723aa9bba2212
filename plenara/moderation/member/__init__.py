"""Views for a participant: one of one's contributions, and an appeal against what was decided on it."""
