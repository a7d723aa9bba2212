"""Doors of the moderation desk."""
