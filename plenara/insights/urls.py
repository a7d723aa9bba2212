"""Addresses of figures over the whole record."""

from django.urls import path

from plenara.insights.views import public

app_name = "insights"

urlpatterns = [
    path("consultations/<slug:slug>/figures/", public.FiguresPage.as_view(), name="figures"),
]
