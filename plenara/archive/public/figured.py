"""The figures of a consultation in other forms: a table, data for programs, a drawing."""

from collections.abc import Iterable

from plenara.archive import addresses
from plenara.archive.formats.tables import as_csv
from plenara.archive.part_form import PartForm
from plenara.core.languages import in_language
from plenara.insights import claims, telling


class FiguresForm(PartForm):
    """The figures in another form."""

    named = "figures"

    def canonical(self) -> str:
        return addresses.figures(self.consultation.slug)

    def whole(self) -> telling.Whole:
        """Return the figures."""
        return telling.whole_of(list(self.consultation.threads.all()))


class FiguresCsv(FiguresForm):
    """The figures for spreadsheets, with names in the reader's language."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"

    def write(self) -> Iterable[str]:
        return as_csv(telling.rows(self.whole()), telling.COLUMNS)


class FiguresJson(FiguresForm):
    """Every figure that the pages of a consultation show, for programs: what `plenara verify` compares."""

    media_type = "application/json; charset=utf-8"
    ending = "json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        yield claims.as_json(claims.claims(self.consultation))


class DaysSvg(FiguresForm):
    """The days as a drawing."""

    media_type = "image/svg+xml; charset=utf-8"
    ending = "svg"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        yield telling.drawing_alone(self.whole().series, in_language(self.consultation.title).text)
