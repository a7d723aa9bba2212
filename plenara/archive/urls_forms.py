"""Other forms of public pages, below their own addresses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
