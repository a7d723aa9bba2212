"""Signing in with an identity provider that an operator names: OpenID Connect or SAML, by django-allauth.

A person whom a provider names is signed in only if they connected that identity before, or made their account with it.
An address never connects an identity: its owner signs in first, then connects it in their settings.
"""
