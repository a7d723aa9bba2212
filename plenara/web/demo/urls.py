"""Addresses of the demo, included where `settings.DEMO` alone."""

from django.urls import path

from plenara.web.demo import open

app_name = "demo"
urlpatterns = [
    path("", open.Demo.as_view(), name="demo"),
    path("mail/", open.Letters.as_view(), name="letters"),
    path("mail/<slug:name>/", open.OneLetter.as_view(), name="letter"),
    path("mail/<slug:name>/html/", open.LetterAsHtml.as_view(), name="letter_html"),
]
