"""Addresses that have no language: permalinks, exports, and what machines ask for."""

from django.urls import path, re_path

from plenara.archive.public import downloads, machines, permalinks

app_name = "machines"
_name = r"(?P<name>bundle\.zip|contributions\.csv)"
_slug = r"(?P<slug>[-a-zA-Z0-9_]+)"

urlpatterns = [
    path("", permalinks.Root.as_view(), name="root"),
    re_path(r"^c/(?P<public_id>[0-9A-Za-z_-]{1,64})/?$", permalinks.Permalink.as_view(), name="contribution"),
    re_path(r"^s/(?P<symbol>[0-9A-Za-z._/-]{1,100}?)/?$", permalinks.BySymbol.as_view(), name="symbol"),
    re_path(rf"^exports/{_slug}/{_name}$", downloads.Export.as_view(), name="export"),
    re_path(rf"^exports/{_slug}/{_name}\.sha256$", downloads.ExportChecksum.as_view(), name="export_checksum"),
    path("sitemap.xml", machines.SitemapIndex.as_view(), name="sitemap"),
    path("sitemaps/<slug:kind>-<int:block>.xml", machines.SitemapFile.as_view(), name="sitemap_file"),
    path("robots.txt", machines.Robots.as_view(), name="robots"),
]
