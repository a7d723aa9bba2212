"""Public consultations that many kinds of people hold in many languages."""

__version__ = "1.0.1.dev0"
