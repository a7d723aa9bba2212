"""Addresses of the register of decisions on calendar and directory, inside `archive:`."""

from django.urls import URLPattern, path

from plenara.archive.public import register

_HERE = "about/decisions/"

urlpatterns: list[URLPattern] = [
    path(_HERE, register.CommunityRegister.as_view(), name="community_decisions"),
    path(f"{_HERE}from/<int:start>/", register.CommunityRegister.as_view(), name="community_decisions_from"),
    path(f"{_HERE}turnaround/", register.CommunityTurnaround.as_view(), name="community_turnaround"),
    path(f"{_HERE}data.csv", register.CommunityCsv.as_view(), name="community_decisions_csv"),
    path(f"{_HERE}data.json", register.CommunityJson.as_view(), name="community_decisions_json"),
    path(f"{_HERE}schema.json", register.CommunitySchema.as_view(), name="community_decisions_schema"),
    path(f"{_HERE}turnaround.csv", register.CommunityTurnaroundCsv.as_view(), name="community_turnaround_csv"),
    path(f"{_HERE}turnaround.svg", register.CommunityTurnaroundSvg.as_view(), name="community_turnaround_svg"),
]
