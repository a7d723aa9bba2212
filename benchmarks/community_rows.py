"""A made-up community of any size, as the bundle that `plenara import` reads: seeded, in six languages."""

import datetime
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.search import Words

SEED = 20_261_126
#: Entries of each kind in a whole one.
SIZES = {"organizations": 20_000, "people": 50_000, "projects": 10_000, "events": 50_000}
LANGUAGES = {"en": 40, "fr": 20, "es": 14, "ar": 10, "ru": 9, "zh": 7}
GROUPS = ("government", "intergovernmental", "private_sector", "civil_society", "technical_academic", "other")
COUNTRIES = (
    "CH", "FR", "US", "BR", "CN", "IN", "KE", "ML", "SN", "NG", "ZA", "EG", "TN", "MA", "RU", "KZ", "DE", "ES",
    "MX", "AR", "CO", "CL", "PE", "JP", "KR", "ID", "PH", "TH", "AU", "NZ", "CA", "GB", "SE", "NO", "IT", "PL",
    "UA", "TR", "SA", "AE", "QA", "LB", "JO", "ET", "TZ", "UG", "GH", "CI", "CM", "HT",
)  # fmt: skip
ZONES = (
    "Europe/Zurich", "America/New_York", "Africa/Bamako", "America/Sao_Paulo", "Asia/Shanghai", "Africa/Tunis",
    "Europe/Moscow", "Asia/Kolkata", "Africa/Nairobi", "Australia/Sydney", "Asia/Tokyo", "America/Bogota",
)  # fmt: skip
THEMES = (
    "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C7-e-government", "C7-e-business", "C7-e-learning", "C7-e-health",
    "C7-e-employment", "C7-e-environment", "C7-e-agriculture", "C7-e-science", "C8", "C9", "C10", "C11",
)  # fmt: skip
CONSULTATIONS = 20
BEGAN = datetime.date(2026, 11, 26)

FIRST = (
    "Amina", "Boris", "Chen", "Dalia", "Émile", "Farid", "Grace", "Hana", "Igor", "Juana", "Kwame", "Lin", "María",
    "Nadia", "Olga", "Paulo", "Rosa", "Sami", "Tariq", "Wei",
)  # fmt: skip
LAST = (
    "Abara", "Benali", "Castro", "Diallo", "Eriksen", "Fofana", "Gupta", "Haddad", "Ivanova", "Juma", "Keita", "Li",
    "Moreau", "Ndiaye", "Ortiz", "Petrov", "Zhang",
)  # fmt: skip


class Maker:
    """Rows of a community, the same ones at each run."""

    def __init__(self, scale: float):
        self.sizes = {name: max(int(size * scale), 20) for name, size in SIZES.items()}
        self.words = {language: Words(language) for language in LANGUAGES}

    def write(self, folder: Path) -> Path:
        """Write the bundle into a new folder."""
        folder.mkdir(parents=True)
        (folder / "community.json").write_text(json.dumps({"format": "plenara-community/1"}))
        rows: dict[str, Callable[[int, random.Random], dict[str, Any]]] = {
            "organizations": self.organization,
            "people": self.person,
            "projects": self.project,
            "events": self.event,
        }
        for name, row in rows.items():
            with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
                for each in self.each(name, row):
                    file.write(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n")
        return folder

    def each(self, name: str, row: Callable[[int, random.Random], dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the rows of a file."""
        for number in range(1, self.sizes[name] + 1):
            digest = hashlib.sha256(f"{SEED} {name} {number}".encode()).digest()
            rng = random.Random(digest)
            at = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(minutes=number * 30)
            yield {"number": number, "status": "published", "published_at": f"{at:%Y-%m-%dT%H:%M:%SZ}"} | row(
                number, rng
            )

    def language(self, rng: random.Random) -> str:
        return rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]

    def texts(self, rng: random.Random, length: int, most: int = 3) -> dict[str, str]:
        """Return a text in one language or in some."""
        languages = {self.language(rng) for _each in range(rng.choice([1, 1, 1, 2, most]))}
        return {
            code: self.words[code].text(rng, max(int(rng.gauss(length, length / 4)), 2)) for code in sorted(languages)
        }

    def themes(self, rng: random.Random) -> list[str]:
        return sorted(rng.sample(THEMES, rng.choice([1, 1, 2, 2, 3])))

    def of_organization(self, rng: random.Random) -> int:
        # A few own many entries, most own few.
        return min(int(rng.paretovariate(0.6)), self.sizes["organizations"])

    def organization(self, number: int, rng: random.Random) -> dict[str, Any]:
        return {
            "name": self.texts(rng, 4),
            "acronym": "".join(rng.choices("ABCDEFGHIJKLMNOPRSTUVW", k=rng.randint(3, 5))),
            "group": rng.choice(GROUPS),
            "country": rng.choice(COUNTRIES),
            "site": f"https://organization-{number}.example/",
            "themes": self.themes(rng),
            "description": self.texts(rng, 40, 2),
        }

    def person(self, _number: int, rng: random.Random) -> dict[str, Any]:
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)} {rng.choice('ABCDEFGHIJKLMNOPRSTUVW')}."
        return {
            "name": name,
            "affiliation": self.of_organization(rng),
            "group": rng.choice(GROUPS),
            "country": rng.choice(COUNTRIES),
            "languages": sorted({self.language(rng) for _each in range(2)}),
            "themes": self.themes(rng),
            "about": self.texts(rng, 25, 1),
        }

    def project(self, _number: int, rng: random.Random) -> dict[str, Any]:
        year = rng.randint(2018, 2027)
        return {
            "title": self.texts(rng, 5),
            "description": self.texts(rng, 40, 2),
            "starts": str(year),
            "ends": f"{year + 2}-12",
            "progress": rng.choice(("planned", "running", "running", "completed", "stopped")),
            "organizations": sorted({self.of_organization(rng) for _each in range(rng.randint(1, 3))}),
            "countries": sorted(set(rng.choices(COUNTRIES, k=rng.randint(1, 3)))),
            "themes": self.themes(rng),
        }

    def event(self, number: int, rng: random.Random) -> dict[str, Any]:
        row: dict[str, Any] = {
            "title": self.texts(rng, 6),
            "description": self.texts(rng, 60, 2),
            "timezone": rng.choice(ZONES),
            "dates": list(self.dates(rng)),
            "place": self.words["en"].text(rng, 3),
            "country": rng.choice(COUNTRIES),
            "organizer": self.of_organization(rng),
            "themes": self.themes(rng),
            "languages": sorted({self.language(rng) for _each in range(2)}),
        }
        if number % 5 == 0:
            row["online"] = f"https://meet.example/{number}"
        if number % 10 == 0:
            row["prepares"] = f"consultation-{number % CONSULTATIONS + 1}"
        if number % 25 == 0:
            row["cancelled"] = True
        return row

    def dates(self, rng: random.Random) -> Iterator[dict[str, Any]]:
        """Yield a date, or those of a series: two thirds are past."""
        first = BEGAN + datetime.timedelta(days=rng.randint(-1400, 700))
        whole_days, hour = rng.random() < 0.2, rng.randint(8, 18)
        for number in range(1, rng.choice([1] * 9 + [8]) + 1):
            day = first + datetime.timedelta(days=7 * (number - 1))
            if whole_days:
                last = day + datetime.timedelta(days=rng.randint(0, 3))
                yield {"number": number, "start": f"{day}", "end": f"{last}"}
            else:
                yield {"number": number, "start": f"{day}T{hour:02}:00", "end": f"{day}T{hour + 2:02}:30"}
