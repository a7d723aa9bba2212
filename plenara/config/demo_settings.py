"""Django's settings of the demo: its own database, documents and e-mails, below `$PLENARA_DATA/demo`.

No environment variable makes an installation a demo. `plenara demo` uses this module, which refuses to be
loaded if it could affect real people: with a database of its own address, with a site address that others can reach,
or over a folder that `plenara demo` has not marked. Even then it could show nothing but the demo's own data.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from plenara.operations import demo_folder

demo_folder.require_harmless(os.environ)
with demo_folder.alone(os.environ):
    from plenara.config.settings import *  # noqa: F403

if not demo_folder.is_marked(DATA):  # noqa: F405
    raise ImproperlyConfigured(f"{DATA} is not the folder of a demo. Create one with `plenara demo`.")  # noqa: F405

DEMO = True
DOCS = DOCS_FOLDER  # noqa: F405
INSTALLED_APPS = ["plenara.demo", *INSTALLED_APPS]  # noqa: F405
MAILERS = {"default": {"BACKEND": "plenara.demo.postbox.Postbox"}}
DEFAULT_FROM_EMAIL = "noreply@demonstration.example"
