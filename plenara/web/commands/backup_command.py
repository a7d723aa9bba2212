"""Not yet."""

HELP = "backup"


def arguments(parser):
    pass


def run(options):
    pass
