"""Addresses of this package's views; those for readers stand in `urls_public`."""

from django.urls import URLPattern, URLResolver, include, path

from plenara.directory import open as opened
from plenara.directory import staff
from plenara.directory.member import organization, own, writing

app_name = "directory"

urlpatterns: list[URLPattern | URLResolver] = [
    path("organizations/propose/", writing.Propose.as_view(kind="organization"), name="propose_organization"),
    path("people/propose/", writing.Propose.as_view(kind="person"), name="propose_person"),
    path("projects/propose/", writing.Propose.as_view(kind="project"), name="propose_project"),
    path("organizations/verify/<str:token>/", opened.Verify.as_view(), name="verify"),
    path("directory/confirm/<str:token>/", opened.StillHold.as_view(), name="still_hold"),
    path("my/listings/", own.Mine.as_view(), name="mine"),
    path("my/listings/<int:pk>/change/", writing.Change.as_view(), name="change"),
    path("my/listings/<int:pk>/withdraw/", own.Withdraw.as_view(), name="withdraw"),
    path("my/listings/<int:pk>/confirm/", own.StillHolds.as_view(), name="confirm"),
    path("my/listings/<int:pk>/hand-over/", own.HandOver.as_view(), name="hand_over"),
    path("my/listings/<int:pk>/verify/", organization.Prove.as_view(), name="prove"),
    path("my/listings/<int:pk>/representatives/", organization.Representatives.as_view(), name="representatives"),
    path("my/representing/<int:pk>/end/", organization.StepDown.as_view(), name="step_down"),
    path("desk/directory/", staff.Desk.as_view(), name="desk"),
    path("desk/directory/undo/<int:pk>/", staff.Undo.as_view(), name="undo"),
    path("desk/directory/<str:kind>/<int:number>/", staff.DeskOne.as_view(), name="desk_one"),
    path("", include("plenara.directory.urls_public")),
]
