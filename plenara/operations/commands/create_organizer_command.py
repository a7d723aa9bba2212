"""Make a person an organizer of this installation, and print a link that signs them in once, within 24 hours.

The command needs no mail server. Use it again for an organizer who can no longer sign in.
"""

import argparse

from plenara.operations.terminal import Failed, say

HELP = "make a person an organizer and print a sign-in link"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The address of the organizer."""
    parser.add_argument("email", metavar="EMAIL", help="the organizer's e-mail address")


def run(options: argparse.Namespace) -> None:
    """Make the organizer and print the link."""
    from plenara.operations import startup

    startup.start()
    from plenara.accounts.actions import make_organizer
    from plenara.accounts.queries import LINK_HOURS, one_time_link
    from plenara.core.refusals import ActionRefused

    startup.make_or_require()
    try:
        person = make_organizer(email=options.email)
    except ActionRefused as refused:
        raise Failed(str(refused.sentence)) from refused
    say(f"{person.email} is an organizer. This link works once, within {LINK_HOURS} hours:")
    say(one_time_link(person))
