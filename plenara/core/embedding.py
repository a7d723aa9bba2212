"""Pages that may appear inside pages of other sites: the code that shows them there, and how oEmbed clients find it.

oEmbed: https://oembed.com, version 1.0.
"""

from urllib.parse import quote

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

#: CSS pixels of a frame where the site that shows it asks for nothing else.
WIDTH, HEIGHT = 600, 420
MEDIA_TYPE = "application/json+oembed"


def frame_html(page: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> SafeString:
    """Return the HTML element that shows `page`, an absolute address, in another site's page."""
    element = '<iframe src="{}embed/" title="{}" width="{}" height="{}" loading="lazy"></iframe>'
    return format_html(element, page, title, width, height)


def oembed_link(page: str) -> tuple[str, str, str]:
    """Return the link by which clients of oEmbed find out how to embed `page` (address, relation, media type)."""
    return (f"{settings.SITE_URL}/oembed?url={quote(page, safe='')}", "alternate", MEDIA_TYPE)
