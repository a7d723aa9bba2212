"""Addresses of the calendar and its events, for readers."""

from django.urls import URLPattern, path, register_converter

from plenara.events.views.public import Coming, EventPage, MonthPage, Past


class TwoDigits:
    """The number of a month."""

    regex = "0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02}"


class FourDigits(TwoDigits):
    """A year."""

    regex = "[0-9]{4}"

    def to_url(self, value: int) -> str:
        return f"{value:04}"


register_converter(TwoDigits, "mm")
register_converter(FourDigits, "yyyy")

urlpatterns: list[URLPattern] = [
    path("events/", Coming.as_view(), name="calendar"),
    path("events/past/", Past.as_view(), name="past"),
    path("events/month/<yyyy:year>-<mm:month>/", MonthPage.as_view(), name="month"),
    path("events/<int:number>/", EventPage.as_view(), name="event"),
]
