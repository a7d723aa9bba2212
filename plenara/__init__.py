"""Public consultations that many kinds of people hold in many languages."""

__version__ = "0.1.0"
