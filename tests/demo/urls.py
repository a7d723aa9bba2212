"""The addresses of an installation that is a demo."""

from django.urls import include, path

from plenara.config.urls import urlpatterns as of_an_installation

urlpatterns = [*of_an_installation, path("demo/", include("plenara.demo.urls"))]
