"""Addresses of the consultation desk, below a language."""

from django.urls import URLPattern, URLResolver, path

from plenara.consultations.views import member
from plenara.consultations.views import open as open_views
from plenara.consultations.views.staff import details, overview, people, texts

_DESK = "desk/consultations/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/mail/", member.MailSettings.as_view(), name="mail_settings"),
    path("my/follow/<slug:slug>/", member.FollowConsultation.as_view(), name="follow"),
    path("my/follow/<slug:slug>/<int:thread>/", member.FollowConsultation.as_view(), name="follow_thread"),
    path("unsubscribe/<str:token>/", open_views.Unsubscribe.as_view(), name="unsubscribe"),
    path("desk/community/take-charge/", people.TakeChargeOfCommunity.as_view(), name="desk_community_take_charge"),
    path(f"{_DESK}new/", overview.New.as_view(), name="desk_consultation_new"),
    path(f"{_DESK}<slug:slug>/", overview.Overview.as_view(), name="desk_consultation"),
    path(f"{_DESK}<slug:slug>/edit/", details.Edit.as_view(), name="desk_edit"),
    path(f"{_DESK}<slug:slug>/threads/", details.Threads.as_view(), name="desk_threads"),
    path(f"{_DESK}<slug:slug>/threads/new/", details.OneThread.as_view(), name="desk_thread_new"),
    path(f"{_DESK}<slug:slug>/threads/<int:number>/", details.OneThread.as_view(), name="desk_thread"),
    path(f"{_DESK}<slug:slug>/translations/", texts.Translations.as_view(), name="desk_texts"),
    path(f"{_DESK}<slug:slug>/translations/<slug:language>/", texts.OneLanguage.as_view(), name="desk_texts_in"),
    path(f"{_DESK}<slug:slug>/roles/", people.Roles.as_view(), name="desk_roles"),
    path(f"{_DESK}<slug:slug>/extend/", overview.Extend.as_view(), name="desk_extend"),
    path(f"{_DESK}<slug:slug>/close/", overview.CloseEarly.as_view(), name="desk_close"),
    path(f"{_DESK}<slug:slug>/state/", overview.ItsState.as_view(), name="desk_state"),
    path(f"{_DESK}<slug:slug>/take-charge/", people.TakeCharge.as_view(), name="desk_take_charge"),
]
