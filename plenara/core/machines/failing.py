"""How asking a machine fails: one exception, with a code that is kept where a sentence is not."""

#: What can go wrong; `words.py` has a sentence for each.
CODES = ("unset", "unreachable", "slow", "cut_off", "busy", "refused", "too_large", "not_json", "wrong_shape")

#: What may be right in a minute: worth asking again. The others stay as they are until somebody mends them.
PASSING = frozenset({"unreachable", "slow", "cut_off", "busy"})


class Failed(Exception):
    """A machine did not answer as it should. Its text is the code: no address, no key, no word of what was sent."""

    def __init__(self, code: str, status: int = 0):
        super().__init__(code)
        self.code = code
        self.status = status  # of HTTP, where there was one

    @property
    def is_passing(self) -> bool:
        """Whether asking again in a minute may help."""
        return self.code in PASSING
