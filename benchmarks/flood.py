"""How 400 honest people fare while 10,000 sign up and submit from few places, and what moderators do about it.

    python -m benchmarks.flood [--people 10000] [--honest 400] [--sources 50] [--minutes 15] [--postgresql URL]

Run it from the root. An hour is compressed into `--minutes`: the load is so many times denser, while the limits, which
count by the hour of the clock, count all of it within one hour (two, where the run crosses a full hour), as in a real
one. `plenara serve` runs as an operator runs it, behind one trusted proxy that the benchmark plays; e-mails go to an
SMTP server in this process. The honest ones go over HTTP, page by page, each from a place of their own: sign-up, the
code that comes by mail, byline, preview, sending, receipt. Of the flood one in fifty goes over HTTP likewise; the
others use the product's own actions in a process of their own, with the limits counted and their e-mails enqueued. Six
campaign texts in six languages are sent with small changes. Then a moderator opens the queue and decides on the largest
campaign.
"""

import argparse
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread as Running
from typing import Any

from benchmarks.flood_people import Outcomes, Person, Words, letters_of, place_of_flood, send_in_bulk
from benchmarks.flood_texts import LETTERS
from benchmarks.playing import Browser, Postbox, Site, consultation, free_port, quantiles

PORTS, MAIL_PORTS, SEED = (8185, 8187), (8188, 8189), 20_261_126
#: People who walk through the pages at the same time.
AT_ONCE = 40


def crowd(people: list[tuple[Person, str, str, str]], seconds: float, outcomes: Outcomes) -> None:
    """Let people come one after another over so many seconds, each in a thread of their own while they are here."""
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, (person, path, text, language) in enumerate(people):
            time.sleep(max(0.0, began + seconds * number / len(people) - time.monotonic()))
            pool.submit(person.come, outcomes, path, text, language)


def run(options: argparse.Namespace, folder: Path) -> None:
    """Run everything, and print the results."""
    with Postbox(free_port(*MAIL_PORTS)) as postbox:
        site = Site(folder, free_port(*PORTS), options.postgresql, {"PLENARA_MAIL_URL": postbox.url})
        site.load()
        where = consultation("flood")
        numbers = {language: n % 3 + 1 for n, language in enumerate(LETTERS)}
        threads = {language: where.threads.get(number=number).pk for language, number in numbers.items()}
        from django.db import connections

        connections.close_all()
        with site.served("--processes", str(options.processes)):
            honest = let_come(options, site, postbox, numbers, threads)
            settle(postbox)
            receipts = [took for person in honest if (took := person.receipt()) is not None]
            print(f"Receipts of honest people: {len(receipts)} of {options.honest}\n  {'':14} {quantiles(receipts)}")
            look_at_queue()
            decide(site)


def let_come(
    options: argparse.Namespace, site: Site, postbox: Postbox, numbers: dict[str, int], threads: dict[str, int]
) -> list[Person]:
    """Send the flood and the honest people at the same time; print what each met, and return the honest ones."""
    seconds, words, rng = options.minutes * 60.0, Words(SEED), random.Random(SEED)
    honest = []
    for n in range(options.honest):
        language = rng.choice(list(LETTERS))
        person = Person(n, "honest", site.port, f"203.0.{n // 250}.{n % 250 + 1}", postbox)
        honest.append((person, f"/en/contribute/flood/{rng.randint(1, 3)}/", words.text(language), language))
    over_http = options.people // 50
    walking = []
    for n, (language, text) in enumerate(letters_of(over_http, SEED + 1)):
        person = Person(n, "walker", site.port, place_of_flood(n % options.sources), postbox)
        walking.append((person, f"/en/contribute/flood/{numbers[language]}/", text, language))
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as bulk:
        by_actions = bulk.apply_async(
            send_in_bulk, (options.people - over_http, options.sources, seconds, threads, SEED)
        )
        of_honest, of_flood = Outcomes(), Outcomes()
        running = [
            Running(target=crowd, args=(honest, seconds * 0.9, of_honest)),
            Running(target=crowd, args=(walking, seconds * 0.9, of_flood)),
        ]
        for each in running:
            each.start()
        for each in running:
            each.join()
        sent = by_actions.get()
    print(f"Honest people through: {of_honest.through} of {options.honest} {dict(of_honest.ended) or ''}")
    for step, took in of_honest.took.items():
        print(f"  {step:14} {quantiles(took)}")
    print(f"Flood, over HTTP: {of_flood.through} of {over_http} through {dict(of_flood.ended) or ''}")
    print(f"  code by mail   {quantiles(of_flood.took['code by mail'])}")
    print(f"Flood, by actions: {sent['results']} in {sent['seconds'] / 60:.1f} min, from {options.sources} places")
    return [person for person, *_where in honest]


def settle(postbox: Postbox) -> None:
    """Wait until every text was checked; print how long that took, and what is still enqueued."""
    from plenara.core.models import BackgroundTask

    began = time.monotonic()
    kinds = ["moderation.make_suggestions", "contributions.send_receipt"]
    looks = BackgroundTask.objects.filter(task__in=kinds, done_at=None, failed_at=None)
    while looks.exists() and time.monotonic() - began < 1800:
        time.sleep(1)
    queued = Counter(BackgroundTask.objects.filter(done_at=None, failed_at=None).values_list("task", flat=True))
    print(f"All looked at {time.monotonic() - began:.0f} s after the last had come; letters so far: {postbox.count()}")
    print(f"  owed still: {dict(queued)}; failed: {BackgroundTask.objects.filter(failed_at__isnull=False).count()}")


def look_at_queue() -> None:
    """Print the size of the queue, and the precision of its campaigns."""
    from plenara.contributions.models import Contribution
    from plenara.moderation.models import Campaign, CampaignMember, Item

    authors = dict(Contribution.objects.values_list("pk", "author__email"))
    languages = dict(Contribution.objects.values_list("pk", "versions__language"))
    flood = {pk for pk, address in authors.items() if not str(address).startswith("honest")}
    members = dict(CampaignMember.objects.values_list("object_id", "campaign_id"))
    main = Counter((campaign, languages[pk]) for pk, campaign in members.items())
    letter_of = {campaign: language for (campaign, language), _n in reversed(main.most_common())}
    right = sum(pk in flood and languages[pk] == letter_of[campaign] for pk, campaign in members.items())
    items = dict(Item.objects.values_list("object_id", "in_bulk"))
    print(f"Waiting: {len(items)}; campaigns: {Campaign.objects.count()} with {len(members)} members")
    print(f"  precision {right / max(1, len(members)):.4f}, recall {right / max(1, len(flood)):.4f}")
    held = sum(items.values())
    wrongly = sum(held_too for pk, held_too in items.items() if pk not in flood)
    print(f"  of accounts made in bulk: {held} of {len(flood)} of the flood; {wrongly} of the honest")
    alone = sum(1 for pk in items if pk in flood and pk not in members)
    print(f"Decisions that clear the flood: {Campaign.objects.count()} on campaigns, {alone} on single texts")
    pages()


def pages() -> None:
    """Print the cost of each page of the queue."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from plenara.accounts.models import Person as Account
    from plenara.moderation.models import Campaign

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(Account.objects.get(email="moderator@people.example"))
    campaign = Campaign.objects.order_by("pk").first()
    for query in ("", "?tab=campaigns", "?tab=bulk", "?same=none", f"campaigns/{campaign.pk if campaign else 0}/"):
        client.get(f"/en/desk/moderation/{query}")
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/en/desk/moderation/{query}")
        took = time.perf_counter() - began
        size = len(answer.content)
        print(f"  page {query or '(what waits)':20} {len(queries):3} queries, {size:7,} bytes, {took * 1000:5.0f} ms")


def decide(site: Site) -> None:
    """Reject the largest campaign as a moderator does, and approve the next; print how long each takes."""
    from django.conf import settings
    from django.db.models import Count
    from django.test import Client

    from plenara.accounts.models import Person as Account
    from plenara.moderation.models import Campaign, Item

    client = Client()
    client.force_login(Account.objects.get(email="moderator@people.example"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    largest = Campaign.objects.annotate(n=Count("items")).filter(n__gt=1).order_by("-n", "pk")[:2]
    for campaign, values in zip(largest, ({"code": "REJECTED", "reason": "R5"}, {"code": "APPROVED"}), strict=False):
        browser = Browser(site.port, cookies={"sessionid": session})
        path = f"/en/desk/moderation/campaigns/{campaign.pk}/"
        browser.get(path)
        posted = {"which": "all", "until": browser.hidden("until"), "sentence_language": "en", "sentence": ""}
        began = time.monotonic()
        browser.post(path, posted | values)
        answered = time.monotonic() - began
        waits = Item.objects.filter(campaign=campaign)
        probes: list[float] = []
        while waits.exists() and time.monotonic() - began < 1800:
            at = time.perf_counter()
            _write(site, session)
            probes.append(time.perf_counter() - at)
            time.sleep(0.5)
        whole: Any = f"{time.monotonic() - began:.0f} s" if not waits.exists() else "not within half an hour"
        print(f"{values['code']} {campaign.n} as one: answered in {answered:.2f} s, all decided in {whole}")  # type: ignore[attr-defined]
        print(f"  meanwhile somebody saves a draft: {quantiles(probes)}")


def _write(site: Site, session: str) -> None:
    browser = Browser(site.port, cookies={"sessionid": session})
    browser.get("/en/contribute/flood/1/")
    values = {"text": f"Words {time.monotonic()}", "language": "en", "title": "", "seal": browser.hidden("seal")}
    browser.post("/en/contribute/flood/1/", {**values, "preview": ""}, (200, 403, 302))
    browser.close()


def main() -> None:
    """Read the options, and run in a new folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--honest", type=int, default=400)
    parser.add_argument("--sources", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--postgresql", default="")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_asked: sys.exit(143))  # so that the server is stopped in order
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory(prefix="plenara-flood-", dir=options.folder) as folder:
        run(options, Path(folder))


if __name__ == "__main__":
    main()
