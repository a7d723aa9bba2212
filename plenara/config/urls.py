"""Every address of the installation, by package."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from plenara.core.languages import AddressPrefix
from plenara.operations.views import public as web_public

in_six_languages = [
    path("", include("plenara.site.urls")),
    path("", include("plenara.insights.urls")),
    path("", include("plenara.contributions.urls")),
    path("", include("plenara.summaries.urls")),
    path("", include("plenara.outcomes.urls")),
    path("", include("plenara.moderation.urls")),
    path("", include("plenara.events.urls")),
    path("", include("plenara.consultations.urls")),
    path("", include("plenara.directory.urls")),
    path("", include("plenara.themes.urls")),
    path("", include("plenara.accounts.urls")),
    path("", include("plenara.operations.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", web_public.Health.as_view(), name="health"),
    path("metrics", web_public.Metrics.as_view(), name="metrics"),
    path("", include("plenara.site.urls_machines")),
    path("", include("plenara.accounts.urls_machines")),
    path("", include("plenara.themes.urls_machines")),
    URLResolver(AddressPrefix(prefix_default_language=True), in_six_languages),
]

handler400 = "plenara.config.errors.refused"
handler500 = "plenara.config.errors.failed"

if settings.DEMO:
    urlpatterns += [path("demo/", include("plenara.demo.urls"))]
