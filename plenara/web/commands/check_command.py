"""Not yet."""

HELP = "check"


def arguments(parser):
    pass


def run(options):
    pass
