"""What is wrong with a bundle: each error with its file, line and field; all are counted, the first are kept."""

from dataclasses import dataclass, field

#: How many errors a refusal names before it only counts.
NAMED = 20


@dataclass(frozen=True)
class BundleError:
    """One thing that is wrong, and where."""

    message: str
    file: str
    line: int | None = None
    field: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", line {self.line}"
        if self.field:
            place += f", {self.field}"
        return f"{place}: {self.message}"


@dataclass
class BundleErrors:
    """Collects errors; keeps the first `NAMED`, counts the rest."""

    first: list[BundleError] = field(default_factory=list)
    count: int = 0
    #: What the names of files begin with.
    prefix: str = ""

    def add(self, message: str, file: str, line: int | None = None, field: str = "") -> None:
        """Note one more error."""
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(BundleError(message, f"{self.prefix}{file}", line, field))

    @property
    def full(self) -> bool:
        """Whether further errors are only counted."""
        return self.count >= NAMED

    def refuse(self) -> None:
        """Raise `BadBundle` where anything was wrong."""
        if self.count:
            raise BadBundle(self)


class NotABundle(Exception):
    """A path that holds no bundle; the text is one sentence."""


class BadBundle(Exception):
    """A bundle with errors. Nothing was written."""

    def __init__(self, errors: BundleErrors):
        super().__init__(str(errors.first[0]))
        self.errors = errors

    def lines(self) -> list[str]:
        """Return what to tell: one line a error, then how many more there are."""
        more = self.errors.count - len(self.errors.first)
        return [str(error) for error in self.errors.first] + ([f"and {more} more"] if more else [])
