"""Messages of allauth and Django that they cannot say in one of our languages, or more.

Written by `bin/messages vendor --write`, read by `bin/messages extract`, never run.
"""

# ruff: noqa
from django.utils.translation import gettext, ngettext, npgettext, pgettext

gettext('- Select an option -')  # django/db/models/fields/__init__.py
gettext('“%(value)s” is not a valid binary value.')  # django/db/models/fields/__init__.py
