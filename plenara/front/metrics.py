"""The front's metrics for Prometheus: names of pages and states, no addresses and no content."""

from collections import Counter

#: Upper bounds, in seconds, of the histogram of Django's responses.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: The most pages with separate counts; further ones are counted together.
MOST_ROUTES = 1_000

_HELP = {
    "plenara_requests_total": ("counter", "Requests by how they were answered."),
    "plenara_answers_total": ("counter", "Answers by class of status."),
    "plenara_sent_bytes_total": ("counter", "Bytes of answers."),
    "plenara_django_seconds": ("histogram", "Time that Django took to begin an answer."),
    "plenara_route_requests_total": ("counter", "Requests that Django answered, by page."),
    "plenara_route_database_seconds_total": ("counter", "Time in the database, by page."),
    "plenara_route_queries_total": ("counter", "Database queries, by page."),
    "plenara_fronts": ("gauge", "Front processes that answer; the other numbers are of all of them."),
    "plenara_cache_bytes": ("gauge", "Bytes of cached pages."),
    "plenara_cache_room_bytes": ("gauge", "Most bytes that cached pages may take."),
    "plenara_cache_pages": ("gauge", "Cached pages."),
    "plenara_connections": ("gauge", "Open connections."),
    "plenara_asking_django": ("gauge", "Connections to Django in use."),
    "plenara_waiting_for_django": ("gauge", "Requests that wait for a connection to Django."),
    "plenara_revisions_age_seconds": ("gauge", "Seconds since the revisions were last read."),
}


class Counts:
    """Counters since the front process began."""

    def __init__(self) -> None:
        self.hits = self.not_modified = self.stale = 0
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.sent = 0
        self._times = [0] * (len(BOUNDS) + 1)
        self._time = 0.0
        self._routes: Counter[str] = Counter()
        self._database: Counter[str] = Counter()
        self._queries: Counter[str] = Counter()

    def count_response(self, seconds: float, spent: bytes) -> None:
        """Count a response of Django: its time, and its header about page and database."""
        place = next((number for number, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
        self._times[place] += 1
        self._time += seconds
        fields = fields_of(spent)
        route = fields.get("route", "")
        if route not in self._routes and len(self._routes) >= MOST_ROUTES:
            route = "other"
        self._routes[route] += 1
        try:
            self._database[route] += float(fields.get("db", 0))  # type: ignore[assignment]
            self._queries[route] += int(fields.get("queries", 0))
        except ValueError:
            return

    def lines(self, gauges: dict[str, float]) -> str:
        """Return everything in the text format of Prometheus, 0.0.4."""
        how = {"hit": self.hits, "not_modified": self.not_modified, "stale": self.stale, **self.requests}
        rows: dict[str, list[str]] = {
            "plenara_requests_total": [_line("plenara_requests_total", count, how=name) for name, count in how.items()],
            "plenara_answers_total": [
                _line("plenara_answers_total", count, status=f"{status}xx")
                for status, count in sorted(self._classes().items())
            ],
            "plenara_sent_bytes_total": [_line("plenara_sent_bytes_total", self.sent)],
            "plenara_django_seconds": self._histogram(),
        }
        for name, counted in (
            ("plenara_route_requests_total", self._routes),
            ("plenara_route_database_seconds_total", self._database),
            ("plenara_route_queries_total", self._queries),
        ):
            rows[name] = [_line(name, count, route=route) for route, count in sorted(counted.items())]
        rows |= {name: [_line(name, value)] for name, value in gauges.items()}
        out: list[str] = []
        for name, lines in rows.items():
            kind, meaning = _HELP[name]
            out += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}", *lines]
        return "\n".join(out) + "\n"

    def _classes(self) -> Counter[int]:
        classes: Counter[int] = Counter({2: self.hits + self.stale, 3: self.not_modified})
        for status, count in self.statuses.items():
            classes[status // 100] += count
        return classes

    def _histogram(self) -> list[str]:
        name, total, lines = "plenara_django_seconds", 0, []
        for bound, count in zip((*BOUNDS, "+Inf"), self._times, strict=True):
            total += count
            lines.append(_line(f"{name}_bucket", total, le=str(bound)))
        return [*lines, _line(f"{name}_sum", self._time), _line(f"{name}_count", total)]


def fields_of(spent: bytes) -> dict[str, str]:
    """Return the fields of Django's header about page and database, by name."""
    return dict(part.split("=", 1) for part in spent.decode("ascii", "replace").split(";") if "=" in part)


def _line(name: str, value: float, **labels: str) -> str:
    pairs = ",".join(f'{key}="{escaped(text)}"' for key, text in labels.items())
    number = f"{value:.6f}" if isinstance(value, float) else str(value)
    return f"{name}{{{pairs}}} {number}" if pairs else f"{name} {number}"


def escaped(text: str) -> str:
    """Return the escaped value of a label."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
