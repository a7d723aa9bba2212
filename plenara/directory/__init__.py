"""The directory: organizations, people and projects, each maintained by its owner."""
