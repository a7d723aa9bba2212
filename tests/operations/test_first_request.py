"""What the first request of a process needs is read before the processes part."""

import sys

from django.template import engines

from plenara.operations import server


def test_templates_and_tags_of_the_first_pages_are_read_once_for_all_processes():
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    server._read_templates()
    known = {name for loader in engines["django"].engine.template_loaders for name in loader.get_template_cache}
    assert known >= set(server.FIRST_TEMPLATES)
    assert {"plenara.accounts.presenters", "plenara.config.errors"} <= set(sys.modules)
