"""What views to files share: taking what was uploaded, and sending a file under its name."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plenara.core.refusals import Invalid
from plenara.documents.exchange.safe import MOST_BYTES
from plenara.documents.exchange_forms import FileForm


def received(request: HttpRequest, form: FileForm) -> tuple[str, bytes]:
    """Return name and bytes of the file that was uploaded; of one too large only as much as shows that it is."""
    if request.META.get("plenara.upload_too_large"):
        raise Invalid(_("This file is larger than 10 MB. Send a smaller one."), "too_large", "file")
    file = form.cleaned_data.get("file")
    if file is None:
        raise Invalid(_("Choose the file."), "file", "file")
    return file.name or "", file.read(MOST_BYTES + 1)


def attachment(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a file to be kept, under a name of plain letters."""
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
