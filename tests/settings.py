"""The product's settings, with what tests do not need made quick: hashing, and mail that stays in memory."""

from plenara.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
SECURE_SSL_REDIRECT = False
SEARCH_DEADLINE = 60  # whatever else runs on the machine: tests that are about the deadline set their own
MEANING = False  # the encoder takes a second to load: tests that are about it switch it on
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A database in memory, shared by threads, locks whole tables against readers, which a file with a log does not.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA read_uncommitted=ON;"  # noqa: F405
else:
    # What a test commits need not survive a power cut.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"  # noqa: F405

# The templates of the demo; its addresses are there in a demo alone.
INSTALLED_APPS = [
    "plenara.demo",
    *INSTALLED_APPS,  # noqa: F405
    # Tests of signing on name providers of their own (`settings.SIGN_ON`).
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
]
