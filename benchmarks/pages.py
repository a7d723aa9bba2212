"""How much processor time it takes to make public pages that are not in the cache, and what of it is queries.

    python -m benchmarks.pages FOLDER [--rounds 30]

FOLDER is the data folder of a demo that was built (`bin/demo`). Each page is made in turn with its queries prepared and
composed again, so that whatever else the machine does falls on both. Prints the medians in milliseconds and their
ratio.
"""

import argparse
import os
import statistics
import time
from unittest import mock

PAGES = {
    "contribution": "/en/consultations/internet-governance/contributions/31/",
    "thread": "/en/consultations/internet-governance/threads/1/",
    "consultation": "/en/consultations/internet-governance/",
    "summary": "/en/consultations/internet-governance/summaries/1/",
    "search, newest": "/en/search/?q=access&order=newest",
    "calendar": "/en/events/",
    "directory": "/en/organizations/",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    os.environ |= {"PLENARA_DATA": options.folder, "DJANGO_SETTINGS_MODULE": "plenara.config.settings"}

    import django
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    settings.LOGGING_CONFIG = None
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from django.test import Client

    from plenara.core import prepared

    reader = Client(headers={"X-Plenara-Front": "1"})

    def seconds(path: str) -> float:
        began = time.process_time()
        assert reader.get(path).status_code == 200, path
        return time.process_time() - began

    print(f"{'page':16}{'ms':>8}{'composed again':>16}{'ratio':>8}")
    for name, path in PAGES.items():
        ours, composed = [], []
        for _round in range(options.rounds + 2):  # the first two load what is loaded once
            ours.append(seconds(path))
            with mock.patch.object(prepared, "_form", return_value=None):
                composed.append(seconds(path))
        one, other = (1000 * statistics.median(each[2:]) for each in (ours, composed))
        print(f"{name:16}{one:8.1f}{other:16.1f}{one / other:8.2f}")


if __name__ == "__main__":
    main()
