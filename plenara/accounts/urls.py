"""Addresses of accounts, below a language."""

from django.urls import URLPattern, URLResolver, include, path

from plenara.accounts.views import member, open, staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("plenara.accounts.views.sign_in")),
    path("account/rules/", member.AcceptRules.as_view(), name="accept_rules"),
    path("account/invitations/<str:token>/", open.AnInvitation.as_view(), name="invitation"),
    path("account/link/<str:token>/", open.OneTimeLink.as_view(), name="one_time_link"),
    path("account/sign-on/<slug:provider>/", open.SignOn.as_view(), name="sign_on"),
    path("my/byline/", member.Byline.as_view(), name="byline"),
    path("account/erased/", open.Erased.as_view(), name="erased"),
    path("my/data/", member.MyData.as_view(), name="my_data"),
    path("my/data/erase/", member.Erase.as_view(), name="erase"),
    path("my/sessions/", member.Sessions.as_view(), name="sessions"),
    path("my/settings/", member.Settings.as_view(), name="settings"),
    path("my/settings/connections/", member.Connections.as_view(), name="socialaccount_connections"),
    path("my/settings/connections/<slug:provider>/", member.Connect.as_view(), name="connect"),
    path("desk/installation/", staff.InstallationSetup.as_view(), name="installation"),
    path("desk/installation/look/", staff.Look.as_view(), name="look"),
    path("desk/installation/look/<slug:pair>.css", staff.SampleColours.as_view(), name="sample_colours"),
    path("desk/installation/<slug:page>/", staff.InstallationPage.as_view(), name="installation_page"),
    path("desk/people/", staff.People.as_view(), name="people"),
    path("desk/people/<int:pk>/", staff.OnePerson.as_view(), name="person"),
]
