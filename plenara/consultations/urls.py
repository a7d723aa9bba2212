"""Addresses of the consultation desk, below a language."""

from django.urls import URLPattern, URLResolver, path

from plenara.consultations import member
from plenara.consultations import open as open_views
from plenara.consultations.staff import editing, overview, people, steps, translating

_DESK = "desk/consultations/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/mail/", member.MailSettings.as_view(), name="mail_settings"),
    path("my/follow/<slug:slug>/", member.FollowIt.as_view(), name="follow"),
    path("my/follow/<slug:slug>/<int:thread>/", member.FollowIt.as_view(), name="follow_thread"),
    path("unsubscribe/<str:token>/", open_views.Unsubscribe.as_view(), name="unsubscribe"),
    path("desk/community/take-charge/", people.TakeChargeOfCommunity.as_view(), name="desk_community_take_charge"),
    path(f"{_DESK}new/", overview.New.as_view(), name="desk_consultation_new"),
    path(f"{_DESK}<slug:slug>/", overview.Overview.as_view(), name="desk_consultation"),
    path(f"{_DESK}<slug:slug>/edit/", editing.Edit.as_view(), name="desk_edit"),
    path(f"{_DESK}<slug:slug>/threads/", editing.Threads.as_view(), name="desk_threads"),
    path(f"{_DESK}<slug:slug>/threads/new/", editing.OneThread.as_view(), name="desk_thread_new"),
    path(f"{_DESK}<slug:slug>/threads/<int:number>/", editing.OneThread.as_view(), name="desk_thread"),
    path(f"{_DESK}<slug:slug>/translations/", translating.Translations.as_view(), name="desk_texts"),
    path(f"{_DESK}<slug:slug>/translations/<slug:language>/", translating.OneLanguage.as_view(), name="desk_texts_in"),
    path(f"{_DESK}<slug:slug>/roles/", people.Roles.as_view(), name="desk_roles"),
    path(f"{_DESK}<slug:slug>/extend/", steps.Extend.as_view(), name="desk_extend"),
    path(f"{_DESK}<slug:slug>/close/", steps.CloseEarly.as_view(), name="desk_close"),
    path(f"{_DESK}<slug:slug>/state/", steps.ItsState.as_view(), name="desk_state"),
    path(f"{_DESK}<slug:slug>/take-charge/", people.TakeCharge.as_view(), name="desk_take_charge"),
]
