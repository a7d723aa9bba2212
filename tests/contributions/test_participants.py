"""Whom e-mails about a consultation go to."""

import os
import subprocess
import sys

#: In a process that has just started, and has run no background task yet.
STARTED = """
import django
django.setup()
from plenara.consultations.models import Consultation
from plenara.consultations.queries import participants
print(participants(Consultation(pk=1)).query)
"""


def test_authors_and_people_with_a_role_are_known_as_soon_as_a_process_has_started(tmp_path):
    settings = {"DJANGO_SETTINGS_MODULE": "plenara.config.settings", "PLENARA_DATA": str(tmp_path)}
    command = [sys.executable, "-c", STARTED]
    ran = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    assert "author_id" in ran.stdout and "consultations_role" in ran.stdout
