"""Views for who announces events: proposing and changing one, cancelling, withdrawing, bringing in a file."""
