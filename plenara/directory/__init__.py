"""The directory: organizations, people and projects, each kept by who proposed it."""
