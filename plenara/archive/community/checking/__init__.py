"""What each file of a community bundle may hold."""
