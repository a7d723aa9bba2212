"""Views of the moderation desk."""
