"""Forms of accounts."""

from django import forms


class SignupForm(forms.Form):
    """Replaced below by the account's own."""

    def signup(self, request, user):
        pass
