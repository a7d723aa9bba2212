"""How django-allauth meets our persons, languages and errands."""

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    """allauth's account adapter for Plenara."""
