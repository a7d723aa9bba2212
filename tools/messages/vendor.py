"""Messages of allauth and Django, and those that they lack in one of our languages.

Their catalogues come with their packages and have gaps. Django looks into locale/ first, so one there fills it.
The messages with a gap are listed in tools/vendor_messages.py, which `extract` reads like any source file of ours.
"""

from importlib.util import find_spec
from pathlib import Path

from babel.messages.mofile import read_mo

from tools.messages.catalogues import Translations, translations
from tools.messages.languages import LANGUAGES, Language
from tools.messages.source import Message, messages_in

LIST = Path("tools/vendor_messages.py")

# Forms and their errors, passwords, times; not the admin, not templates, which are our own.
SPEAKING = {
    "allauth": ("account", "mfa", "core", "utils.py"),
    "django": (
        "forms",
        "core/validators.py",
        "contrib/auth/password_validation.py",
        "contrib/auth/validators.py",
        "db/models/base.py",
        "db/models/constraints.py",
        "db/models/fields/__init__.py",
        "utils/text.py",
        "utils/timesince.py",
    ),
}
CATALOGUES = {"allauth": ("locale",), "django": ("contrib/auth/locale", "conf/locale")}


def folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec and spec.origin
    return Path(spec.origin).parent


def messages() -> dict[tuple[str | None, str], Message]:
    """Return the messages of the packages, by context and msgid."""
    found: dict[tuple[str | None, str], Message] = {}
    for package, places in SPEAKING.items():
        home = folder(package)
        for place in places:
            files = [home / place] if place.endswith(".py") else sorted((home / place).rglob("*.py"))
            for file in files:
                if not {"tests", "migrations"} & set(file.relative_to(home).parts):
                    for message in messages_in(file, f"{package}/{file.relative_to(home).as_posix()}"):
                        found.setdefault(message.key, message)
    return found


def catalogue(language: Language) -> Translations:
    """Return the translations of the packages' own catalogues into the language."""
    found: Translations = {}
    for package, places in CATALOGUES.items():
        for place in places:
            with (folder(package) / place / language.code / "LC_MESSAGES" / "django.mo").open("rb") as stream:
                found = translations(read_mo(stream)) | found
    return found


def known(language: Language) -> Translations:
    """Return their usable translations: plurals only with as many forms as ours."""
    return {
        key: string
        for key, string in catalogue(language).items()
        if isinstance(string, str) or len(string) == len(language.forms)
    }


def gaps() -> dict[str, list[Message]]:
    """Return, by language, the messages that the packages do not translate."""
    said = messages().values()
    found = {}
    for language in LANGUAGES.values():
        if not language.is_source:
            translated = {(context, msgid) for context, msgid, _plural in catalogue(language)}
            found[language.code] = [message for message in said if message.key not in translated]
    return found


def listing() -> str:
    """Return the content of tools/vendor_messages.py: each message with a gap in one language or more."""
    wanted = {message.key: message for messages in gaps().values() for message in messages}
    lines = [call(message) for _key, message in sorted(wanted.items(), key=lambda item: (item[1].files, item[0][1]))]
    return HEAD + "".join(lines)


def call(message: Message) -> str:
    arguments = [repr(text) for text in (message.context, message.msgid, message.plural) if text is not None]
    if message.plural is not None:
        arguments.append("2")
    function = ("np" if message.context else "n") if message.plural is not None else ("p" if message.context else "")
    return f"{function}gettext({', '.join(arguments)})  # {message.files[0]}\n"


HEAD = '''"""Messages of allauth and Django that they cannot say in one of our languages, or more.

Written by `bin/messages vendor --write`, read by `bin/messages extract`, never run.
"""

# ruff: noqa
from django.utils.translation import gettext, ngettext, npgettext, pgettext

'''
