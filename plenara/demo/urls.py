"""Addresses of the demo, included only if `settings.DEMO`."""

from django.urls import path

from plenara.demo.views import open

app_name = "demo"
urlpatterns = [
    path("", open.Demo.as_view(), name="demo"),
    path("mail/", open.Emails.as_view(), name="emails"),
    path("mail/<slug:name>/", open.OneEmail.as_view(), name="email"),
    path("mail/<slug:name>/html/", open.EmailAsHtml.as_view(), name="email_html"),
]
