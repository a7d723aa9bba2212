"""What users see of the demo, as files: to show that a change of the code changes nothing for them.

    PLENARA_CAPTURE=/tmp/before .venv/bin/python -m pytest -q tests/demo/capture.py

Run it before and after the change, then compare the two folders with `diff -r`. It writes the pages of every role in
six languages, feeds and files, the answers of the API and of OAI-PMH, both bundles, and the e-mails of the demo.
What differs from run to run (tokens, permalinks, names of style sheets) is replaced, and white space is made equal.
"""

import hashlib
import json
import os
import re
from collections import Counter, deque
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from plenara.bundles.queries.community_bundle import export_community
from plenara.bundles.queries.consultation import export_with_rounds
from plenara.bundles.targets import written
from plenara.consultations.models import Consultation
from plenara.core.languages import NAMES, django_code
from plenara.demo import presenters

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif("PLENARA_CAPTURE" not in os.environ, reason="PLENARA_CAPTURE names the folder to write to"),
]

#: Pages of one kind that are asked for: in English, and in each other language.
MOST = 20, 2
#: Addresses that end a session, or differ whenever they are asked for.
LEFT_OUT = re.compile(r"/(logout|demo|health|metrics|static|media)/?")
#: Pages for people who are signed in, and forms.
PRIVATE = re.compile(r"/\w\w/(account|my|desk|contribute)/|/\w\w/.*/(report|reply|propose|correct|new|edit)/")
#: What differs from run to run, and what replaces it.
CHANCE = (
    (r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1TOKEN"),
    (r"(/c/|/disputes/new/)[a-z0-9]{10}\b", r"\1ID"),
    (r"(/static/[\w/.-]+?)\.[0-9a-f]{8,12}(\.\w+)", r"\1\2"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    (r"[\w-]{20,}:[\w-]{5,8}:[\w-]{20,}", "SIGNED"),
)
ADDRESS = re.compile(r'(?:href|src|action)="([^"#]+)')


def plain(text):
    """Return a text without what differs from run to run, a tag or a word on each line."""
    for pattern, instead in CHANCE:
        text = re.sub(pattern, instead, text)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?(<[^>]*>) ?", r"\n\1\n", text).strip() + "\n"


def write(folder, path, response):
    """Write what an address answered, with its status and the headers that a reader's program sees."""
    heads = ("Content-Type", "Location", "Cache-Control", "Link", "Surrogate-Key", "Content-Disposition", "Vary")
    lines = [f"{path} {response.status_code}", *(f"{each}: {response[each]}" for each in heads if each in response)]
    body = b"".join(response.streaming_content) if response.streaming else response.content
    is_text = re.match(r"text/|application/.*(json|xml|bibtex|ris)", response.get("Content-Type", ""))
    lines.append(plain(body.decode(errors="replace")) if is_text else f"{len(body) > 0}")
    name = re.sub(r"[^\w.-]+", "_", path.strip("/"))[:120] or "root"
    file = folder / f"{name}.{hashlib.sha256(path.encode()).hexdigest()[:6]}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(plain("\n".join(lines[:-1])) + lines[-1])
    return body.decode(errors="replace") if is_text else ""


def kind_of(path):
    with translation.override(django_code(path.split("/")[1]) if path.split("/")[1] in NAMES else "en"):
        try:
            return resolve(path.partition("?")[0]).route
        except Resolver404:
            return path


def walk(client, folder, starts, most, is_wanted):
    """Write the pages that links lead to from the first ones, so many of a kind at most."""
    waiting, seen, kinds = deque(starts), set(starts), Counter()
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if kinds[kind] >= most:
            continue
        kinds[kind] += 1
        text = write(folder, path, client.get(path))
        for found in map(unescape, ADDRESS.findall(text) + re.findall(r'"(/api/[^"]*)"', text)):
            link = re.sub(r"^https?://(testserver|localhost|127\.0\.0\.1)(:\d+)?(?=/)", "", found)
            if link.startswith("/") and link not in seen and is_wanted(link) and not LEFT_OUT.search(link):
                seen.add(link)
                waiting.append(link)


def test_write_what_everybody_sees(demo):
    target = Path(os.environ["PLENARA_CAPTURE"])
    for language in NAMES:
        most = MOST[language != "en"]

        def is_public(link, language=language):
            return not PRIVATE.match(link) and (link.startswith(f"/{language}/") or link.split("/")[1] not in NAMES)

        walk(Client(), target / "reader" / language, [f"/{language}/"], most, is_public)
    machines = ["/api/v1/", "/api/v1/openapi.json", "/sitemap.xml", "/robots.txt", "/manifest.webmanifest"]
    oai = ["Identify", "ListSets", "ListMetadataFormats", "ListRecords&metadataPrefix=oai_dc"]
    starts = [*machines, *(f"/oai?verb={each}" for each in oai)]
    walk(Client(), target / "machines", starts, MOST[0], lambda link: link.startswith(("/api/", "/oai")))


def test_write_what_each_role_sees(demo):
    target = Path(os.environ["PLENARA_CAPTURE"])
    for key in dict.fromkeys(key for part in presenters.PARTS for key in part.keys):
        for language in NAMES:
            client = Client()
            client.force_login(presenters.person_of(key)[1], backend="plenara.accounts.adapter.Backend")
            starts = [f"/{language}/my/", f"/{language}/desk/", f"/{language}/consultations/internet-governance/"]

            def is_private(link, language=language):
                return link.startswith(f"/{language}/") and bool(PRIVATE.match(link))

            walk(client, target / key / language, starts, MOST[language != "en"] // 2, is_private)


def test_write_bundles_and_emails(demo, client):
    target = Path(os.environ["PLENARA_CAPTURE"])
    for each in Consultation.objects.filter(parent=None).order_by("pk"):
        if each.stage != "draft":
            with written(target / "bundles" / each.slug) as folder:
                export_with_rounds(each, folder)
    with written(target / "bundles" / "community") as folder:
        export_community(folder)
    emails = sorted((demo.folder / "mail").rglob("*")) if (demo.folder / "mail").is_dir() else []
    kept = [plain(each.read_text(errors="replace")) for each in emails if each.is_file()]
    (target / "emails.json").write_text(json.dumps(sorted(kept), ensure_ascii=False, indent=1))
