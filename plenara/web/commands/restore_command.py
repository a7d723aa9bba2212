"""Not yet."""

HELP = "restore"


def arguments(parser):
    pass


def run(options):
    pass
