"""Addresses that have no language: permalinks, exports, and what machines ask for."""

import re

from django.urls import include, path, re_path

from plenara.exports.queries.files import FILES
from plenara.exports.views.public import downloads
from plenara.oai.views import public
from plenara.site.views.public import about, embedding, machines, themes
from plenara.themes.urls_machines import CODE

app_name = "machines"
_name = f"(?P<name>{'|'.join(map(re.escape, FILES))})"
_slug = r"(?P<slug>[-a-zA-Z0-9_]+)"

urlpatterns = [
    path("", machines.Root.as_view(), name="root"),
    re_path(r"^c/(?P<public_id>[0-9A-Za-z_-]{1,64})/?$", machines.Permalink.as_view(), name="contribution"),
    re_path(r"^s/(?P<symbol>[0-9A-Za-z._/-]{1,100}?)/?$", machines.BySymbol.as_view(), name="symbol"),
    path("exports/community/bundle.zip", downloads.CommunityExport.as_view(), name="community_export"),
    path("exports/community/bundle.zip.sha256", downloads.CommunityChecksum.as_view(), name="community_checksum"),
    re_path(rf"^exports/{_slug}/{_name}$", downloads.Export.as_view(), name="export"),
    re_path(rf"^exports/{_slug}/{_name}\.sha256$", downloads.ExportChecksum.as_view(), name="export_checksum"),
    path("themes.ttl", themes.Turtle.as_view(), name="themes_turtle"),
    path("themes.jsonld", themes.JsonLd.as_view(), name="themes_jsonld"),
    path("themes.csv", themes.Csv.as_view(), name="themes_csv"),
    re_path(rf"^themes/{CODE}\.ttl$", themes.Turtle.as_view(), name="theme_turtle"),
    re_path(rf"^themes/{CODE}\.jsonld$", themes.JsonLd.as_view(), name="theme_jsonld"),
    path("api/v1/", include("plenara.api.urls")),
    path("oembed", embedding.Oembed.as_view(), name="oembed"),
    path("oai", public.Oai.as_view(), name="oai"),
    path("sitemap.xml", machines.SitemapIndex.as_view(), name="sitemap"),
    path("sitemaps/<slug:kind>-<int:block>.xml", machines.SitemapFile.as_view(), name="sitemap_file"),
    path("about/docs/", about.Docs.as_view(), name="docs"),
    path("about/docs/<path:name>", about.Docs.as_view(), name="docs_file"),
    path("robots.txt", machines.Robots.as_view(), name="robots"),
]
