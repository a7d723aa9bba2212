"""Addresses of the register of decisions on calendar and directory, inside `archive:`."""

from django.urls import URLPattern, path

from plenara.site.views.public import moderation

_HERE = "about/decisions/"

urlpatterns: list[URLPattern] = [
    path(_HERE, moderation.CommunityRegister.as_view(), name="community_decisions"),
    path(f"{_HERE}from/<int:start>/", moderation.CommunityRegister.as_view(), name="community_decisions_from"),
    path(f"{_HERE}turnaround/", moderation.CommunityTurnaround.as_view(), name="community_turnaround"),
    path(f"{_HERE}data.csv", moderation.CommunityCsv.as_view(), name="community_decisions_csv"),
    path(f"{_HERE}data.json", moderation.CommunityJson.as_view(), name="community_decisions_json"),
    path(f"{_HERE}schema.json", moderation.CommunitySchema.as_view(), name="community_decisions_schema"),
    path(f"{_HERE}turnaround.csv", moderation.CommunityTurnaroundCsv.as_view(), name="community_turnaround_csv"),
    path(f"{_HERE}turnaround.svg", moderation.CommunityTurnaroundSvg.as_view(), name="community_turnaround_svg"),
]
