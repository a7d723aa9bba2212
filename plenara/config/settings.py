"""Django's settings, read from the environment (`environment.py` names every variable)."""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from plenara.operations import environment as env

DATA = env.data_folder()
SECRET_KEY = env.secret_key(DATA)
DEBUG = False
DEMO = False  # true in demo_settings only, which only `plenara demo` uses

SITE_URL = env.text("PLENARA_SITE_URL").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path or _site.query:
    raise ImproperlyConfigured(f"PLENARA_SITE_URL is {SITE_URL!r}; it must be like https://consult.example.org.")
SITE_IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = sorted(
    {_site.hostname, "127.0.0.1", "localhost", "[::1]", *filter(None, env.text("PLENARA_ALLOWED_HOSTS").split(","))}
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = env.number("PLENARA_TRUSTED_PROXIES")
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

#: Identity providers with which people can sign in: none, unless an operator names them.
SIGN_ON = env.sign_on()

INSTALLED_APPS = [
    "plenara.operations",
    "plenara.site",
    "plenara.mirror",
    "plenara.exports",
    "plenara.insights",
    "plenara.summaries",
    "plenara.outcomes",
    "plenara.documents",
    "plenara.moderation",
    "plenara.contributions",
    "plenara.events",
    "plenara.consultations",
    "plenara.directory",
    "plenara.accounts",
    "plenara.themes",
    "plenara.search",
    "plenara.email",
    "plenara.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    # Each loads libraries that only an installation with such a provider needs.
    *sorted({f"allauth.socialaccount.providers.{each.protocol}" for each in SIGN_ON}),
]

MIDDLEWARE = [
    "plenara.config.middleware.RequestLog",
    "plenara.operations.middleware.SpentInDatabase",
    "plenara.operations.middleware.NextChange",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "plenara.config.middleware.AddressLanguage",
    "plenara.config.middleware.OnlyUtf8",
    "plenara.config.middleware.Methods",
    "plenara.config.middleware.LazySessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "plenara.config.errors.UnavailableResponses",
    "plenara.config.replica.PublicReads",
]

#: Where traces and errors are sent: nowhere, unless an operator names an address.
OBSERVATION = env.observation()
if OBSERVATION:
    MIDDLEWARE.insert(0, "plenara.operations.middleware.Observed")

ROOT_URLCONF = "plenara.config.urls"
WSGI_APPLICATION = "plenara.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("plenara.core.template_loader.CachedLoader", ["plenara.core.template_loader.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "plenara.accounts.presenters.frame",
            ],
        },
    }
]

DATABASES = {"default": env.database(DATA), **env.replica()}
DATABASE_ROUTERS = ["plenara.config.replica.Router"] if "replica" in DATABASES else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: The most seconds of a search, after which the page shows a sentence.
SEARCH_DEADLINE = 0.25
#: Whether search also finds texts by meaning.
MEANING = env.switch("PLENARA_MEANING")

# Accounts: one kind of person, known by a verified e-mail address.
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["plenara.accounts.adapter.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
ACCOUNT_LOGOUT_REDIRECT_URL = "site:home"
ACCOUNT_ADAPTER = "plenara.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    name: f"plenara.accounts.forms.sign_in.{form}"
    for name, form in {
        "signup": "SignupForm",
        "login": "LoginForm",
        "request_login_code": "RequestLoginCodeForm",
        "confirm_login_code": "ConfirmLoginCodeForm",
        "confirm_email_verification_code": "ConfirmEmailVerificationCodeForm",
        "add_email": "AddEmailForm",
        "reset_password": "ResetPasswordForm",
        "confirm_password_reset_code": "ConfirmPasswordResetCodeForm",
        "reset_password_from_key": "ResetPasswordKeyForm",
        "change_password": "ChangePasswordForm",
        "set_password": "SetPasswordForm",
        "reauthenticate": "ReauthenticateForm",
    }.items()
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8}  # every keyboard has digits
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A person with neither password nor second factor signed in by an e-mailed code: another would confirm nothing more.
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = True
# `accounts.limits` counts in the database, for every worker; allauth would count in the cache, of one process each.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_ADAPTER = "plenara.accounts.adapter.PasskeyAdapter"
MFA_FORMS = {
    name: f"plenara.accounts.forms.passkeys.{form}"
    for name, form in {
        "authenticate": "AuthenticateForm",
        "reauthenticate": "ReauthenticateCodeForm",
        "add_webauthn": "AddWebAuthnForm",
        "edit_webauthn": "EditWebAuthnForm",
        "login_webauthn": "LoginWebAuthnForm",
        "authenticate_webauthn": "AuthenticateWebAuthnForm",
        "reauthenticate_webauthn": "ReauthenticateWebAuthnForm",
        "activate_totp": "ActivateAppForm",
    }.items()
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds: the clock of a phone is rarely exact
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_IS_HTTPS
SOCIALACCOUNT_ADAPTER = "plenara.accounts.sign_on.adapter.SignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "plenara.accounts.sign_on.openid_connect.Provider"},
    "saml": {"provider_class": "plenara.accounts.sign_on.saml.Provider"},
}
SOCIALACCOUNT_FORMS = {"signup": "plenara.accounts.forms.sign_on.SignOnForm"}
SOCIALACCOUNT_AUTO_SIGNUP = False  # a person gives a name and accepts the rules
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address alone connects nobody
SOCIALACCOUNT_STORE_TOKENS = False

SESSION_ENGINE = "plenara.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = SITE_IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SITE_IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "plenara.config.errors.csrf"

# Browsers run only our own scripts, and never frame our pages.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000 if SITE_IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The six languages. Addresses say zh where Django says zh-hans.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", "العربية"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
_package = Path(__file__).parent.parent
#: A wheel has the compiled catalogues inside the package (`hatch_build.py`), a checkout beside it.
LOCALE_PATHS = [_package / "locale" if (_package / "locale").is_dir() else _package.parent / "locale"]
#: The documentation as a site: inside the package of a wheel; in a checkout only where `tools.docs` has built it.
DOCS_FOLDER = next(
    (folder for folder in (_package / "docs", _package.parent / "build" / "docs") if folder.is_dir()), None
)
#: The folder of the documentation, if this installation shows it.
DOCS = DOCS_FOLDER if env.switch("PLENARA_DOCS") else None
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
DOCUMENTS = DATA / "documents"
_bucket = env.bucket()
#: Documents and exports are in the data folder, or in a bucket that several machines share: `plenara.core.store`.
STORAGES = {
    "default": (
        {"BACKEND": "plenara.core.store.bucket.Bucket", "OPTIONS": _bucket}
        if _bucket
        else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DOCUMENTS)}}
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31536000
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# A form's text fields together; a longer paper has its own limit in its view.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "plenara.config.errors.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "plenara.config.errors.OnDisk",
]
FILE_UPLOAD_PERMISSIONS = 0o600

TASKS = {"default": {"BACKEND": "plenara.core.tasks.DatabaseBackend", "QUEUES": ["urgent", "default", "bulk"]}}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# E-mail. Without a server, e-mails wait and the desk says so.
MAILERS = env.mailers(env.text("PLENARA_MAIL_URL"))
DEFAULT_FROM_EMAIL = env.text("PLENARA_MAIL_FROM") or f"noreply@{_site.hostname}"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Remote machines, all optional: what they make is offered, labelled, and decides nothing.
MODEL = env.machine("PLENARA_MODEL_URL", "PLENARA_MODEL_KEY", "openai")
TRANSLATION = env.machine("PLENARA_TRANSLATION_URL", "PLENARA_TRANSLATION_KEY", "libretranslate", "openai")

KEEP_DAYS = {
    "unverified": env.number("PLENARA_KEEP_UNVERIFIED_DAYS"),
    "ip": env.number("PLENARA_KEEP_IP_DAYS"),
    "draft": env.number("PLENARA_KEEP_DRAFT_DAYS"),
    "rejected": env.number("PLENARA_KEEP_REJECTED_DAYS"),
}

#: Milliseconds from which a query is logged as slow.
SLOW_MS = env.number("PLENARA_SLOW_MS")
LOG_LEVEL = env.text("PLENARA_LOG_LEVEL")
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise ImproperlyConfigured(f"PLENARA_LOG_LEVEL is {LOG_LEVEL!r}; it may be DEBUG, INFO, WARNING or ERROR.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "plenara.config.logs.JsonLines"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        "nowhere": {"class": "logging.NullHandler"},  # with no handler at all Python writes to stderr itself
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"level": "WARNING"},
        # They would log addresses, and at debug level the headers with the key.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},
        # For a refused host or form Django quotes what was sent, and the path, which can hold a one-time token.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "django.security.csrf": {"handlers": ["nowhere"], "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = ["mail.W001"]  # without a mail server e-mails wait, and `plenara check` and the desk say so
