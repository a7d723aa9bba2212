"""Regularly: periods that are cut by themselves, days by which things are due, and who is reminded of them."""
