"""Addresses of this package's views; those for readers are in `urls_public`."""

from django.urls import URLPattern, URLResolver, include, path

from plenara.directory.views import member, staff
from plenara.directory.views import open as opened

app_name = "directory"

urlpatterns: list[URLPattern | URLResolver] = [
    path("organizations/propose/", member.Propose.as_view(kind="organization"), name="propose_organization"),
    path("people/propose/", member.Propose.as_view(kind="person"), name="propose_person"),
    path("projects/propose/", member.Propose.as_view(kind="project"), name="propose_project"),
    path("organizations/verify/<str:token>/", opened.Verify.as_view(), name="verify"),
    path("directory/confirm/<str:token>/", opened.StillHold.as_view(), name="still_hold"),
    path("my/listings/", member.OwnEntries.as_view(), name="own_entries"),
    path("my/listings/<int:pk>/change/", member.Change.as_view(), name="change"),
    path("my/listings/<int:pk>/withdraw/", member.Withdraw.as_view(), name="withdraw"),
    path("my/listings/<int:pk>/confirm/", member.StillHolds.as_view(), name="confirm"),
    path("my/listings/<int:pk>/hand-over/", member.HandOver.as_view(), name="hand_over"),
    path("my/listings/<int:pk>/verify/", member.Prove.as_view(), name="prove"),
    path("my/listings/<int:pk>/representatives/", member.Representatives.as_view(), name="representatives"),
    path("my/representing/<int:pk>/end/", member.StepDown.as_view(), name="step_down"),
    path("desk/directory/", staff.Desk.as_view(), name="desk"),
    path("desk/directory/undo/<int:pk>/", staff.Undo.as_view(), name="undo"),
    path("desk/directory/<str:kind>/<int:number>/", staff.DeskOne.as_view(), name="desk_one"),
    path("", include("plenara.directory.urls_public")),
]
