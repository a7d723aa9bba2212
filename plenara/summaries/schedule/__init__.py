"""Schedules: periods that end automatically, due days, and reminders."""
