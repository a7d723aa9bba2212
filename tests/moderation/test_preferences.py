"""How a moderator works: their languages, and the mails about what waits."""

import pytest

from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.moderation.actions import set_preference
from plenara.moderation.models import Preference
from plenara.moderation.queries import queue

pytestmark = pytest.mark.django_db

URL = "/en/desk/moderation/preferences/"


def test_the_default_preferences_are_all_languages_and_a_daily_digest(moderator):
    kept = queue.preference_of(moderator)
    assert (kept.reads, kept.notify_late, kept.digest) == ([], True, "daily")
    assert not Preference.objects.exists()


def test_the_page_keeps_them(sign_in, moderator):
    client = sign_in(moderator)
    assert client.get(URL).status_code == 200
    assert client.post(URL, {"reads": ["fr", "ar"], "digest": "weekly"}).url == "/en/desk/moderation/"
    kept = Preference.objects.get(person=moderator)
    assert (kept.reads, kept.notify_late, kept.digest) == (["ar", "fr"], False, "weekly")
    page = client.get(URL).content.decode()
    assert 'value="fr" id="id_reads_3" checked' in page.replace(' aria-describedby="id_reads_helptext"', "")
    client.post(URL, {"tell_late": "on", "digest": "never"})
    kept.refresh_from_db()
    assert (kept.reads, kept.notify_late, kept.digest) == ([], True, "never")
    assert AuditEntry.objects.filter(verb="moderation.preference_set").count() == 2


def test_a_language_that_a_consultation_accepts_besides_the_six_is_offered(moderator, consultation):
    consultation.languages = ["en", "pt"]
    consultation.save()
    assert queue.languages_of(moderator)[-1] == "pt"
    assert set_preference(actor=moderator, reads=["pt"], notify_late=True, digest="daily").reads == ["pt"]


def test_what_is_not_offered_is_refused(sign_in, moderator):
    with pytest.raises(InvalidInput, match="from the list"):
        set_preference(actor=moderator, reads=["tlh"], notify_late=True, digest="daily")
    with pytest.raises(InvalidInput, match="how often"):
        set_preference(actor=moderator, reads=[], notify_late=True, digest="hourly")
    client = sign_in(moderator)
    answer = client.post(URL, {"reads": ["fr", "tlh"], "digest": ""})
    assert answer.status_code == 422
    assert "Choose how often you want to get the e-mail." in answer.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("who", ["participant", "rapporteur", "operator"])
def test_only_moderators_have_them(who, request):
    with pytest.raises(NotPermitted):
        set_preference(actor=request.getfixturevalue(who), reads=[], notify_late=True, digest="daily")
