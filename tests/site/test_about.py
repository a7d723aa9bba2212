"""The pages about the site: their time limits and reasons are those of the code, in every language."""

import re

import pytest

from plenara.accounts import actions
from plenara.accounts.queries import PAGES, default_page_text, names_in_page, page_text
from plenara.core.languages import CODES
from plenara.site.presenters import about
from plenara.site.presenters.about import page_facts

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Numbers in words, from two upwards: a digit that nobody finds. "One" is an article too.
NUMBER_WORDS = {
    "ar": r"(?:[وبل]?(?:ال)?)(?:ثلاث|أربع|خمس|ست|سبع|ثماني|تسع|عشر)(?:ة|ون|ين)?",
    "en": r"two|three|four|five|six|seven|eight|nine|ten|fourteen|fifteen|twenty|thirty|sixty|ninety",
    "es": r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|catorce|quince|veinte|treinta|sesenta|noventa",
    "fr": r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|quatorze|quinze|vingt|trente|soixante",
    "ru": r"дв[аеух]+|тр(?:и|ех|ём)|четыр\w+|пят(?:ь|и)|шест(?:ь|и)|сем(?:ь|и)|вос[еь]мь?и?|девят(?:ь|и)|десят(?:ь|и)"
    r"|четырнадцат\w|тридцат\w",
    "zh": r"[两二三四五六七八九十百]+(?:天|日|年|种|个|项|步)",
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", CODES)
def test_every_name_in_braces_of_a_default_text_is_filled_in(page, language):
    assert set(re.findall(r"\{(\w+)\}", default_page_text(page, language))) <= set(names_in_page(page))
    assert "{" not in page_text(page, language, facts=page_facts).text


@pytest.mark.parametrize("page", ["how", "rules", "privacy"])
@pytest.mark.parametrize("language", CODES)
def test_a_default_text_has_no_number_of_its_own(page, language):
    """A number comes from the constant or the setting that the code obeys, so the page cannot say another."""
    text = default_page_text(page, language)
    assert not re.search(r"\d", text)
    words = NUMBER_WORDS[language]
    assert not re.findall(words if language == "zh" else rf"\b(?:{words})\b", text, re.IGNORECASE)


@pytest.mark.parametrize(
    "words", ["within seven days", "в течение семи дней", "七天之内", "في غضون سبعة أيام", "siete días"]
)
def test_the_number_that_the_rules_once_had_would_be_found(words):
    assert any(re.search(rf"(?:{pattern})", words) for pattern in NUMBER_WORDS.values())


@pytest.mark.parametrize(
    ("language", "one", "three", "thirty"),
    [
        ("ar", "يوم واحد", "3 أيام", "30 يوماً"),
        ("en", "1 day", "3 days", "30 days"),
        ("es", "1 día", "3 días", "30 días"),
        ("fr", "1 jour", "3 jours", "30 jours"),
        ("ru", "1 день", "3 дня", "30 дней"),
        ("zh", "1天", "3天", "30天"),
    ],
)
def test_the_time_limits_are_those_of_the_code(client, monkeypatch, language, one, three, thirty):
    rules = f"/{language}/about/rules/"
    assert thirty in client.get(rules).content.decode()
    monkeypatch.setattr(about, "APPEAL_DAYS", 1)
    monkeypatch.setattr(about, "ASK_DAYS", 1)
    monkeypatch.setattr(about, "RETURN_DAYS", 3)
    page = client.get(rules).content.decode()
    assert one in page
    assert three in page
    assert thirty not in page
    assert one in client.get(f"/{language}/about/how/").content.decode()


def test_the_days_for_which_data_is_kept_are_those_of_the_settings(client, settings):
    settings.KEEP_DAYS = {"unverified": 2, "ip": 3, "draft": 4, "rejected": 400}
    page = client.get("/en/about/privacy/").content.decode()
    assert [f"{days} days</li>" in page for days in settings.KEEP_DAYS.values()] == [True] * 4
    assert "for 400 days at most" in page


def test_an_organizers_own_rules_stay_as_they_are_and_may_use_the_same_names(client, organizer, sign_in):
    actions.set_page(actor=organizer, page="rules", texts={"en": "- R1: Ours\n\nWithin seven days; {appeal_days}."})
    page = client.get("/en/about/rules/").content.decode()
    assert "<li>R1: Ours</li>" in page
    assert "Within seven days; 30 days." in page
    assert "<strong>R1</strong>" not in page
    form = sign_in(organizer).get("/en/desk/installation/rules/").content.decode()
    assert all(f">{{{name}}}</code>" in form for name in names_in_page("rules"))
