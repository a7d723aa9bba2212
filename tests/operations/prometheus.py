"""A strict reader of the text format of Prometheus, 0.0.4: whatever is not to the letter raises `ValueError`."""

import re

_HELP = re.compile(r"# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\\\|\\n)+)")
_TYPE = re.compile(r"# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)")
_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)')
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|Inf)|NaN")
_ESCAPED = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


def read(text):
    """Return the samples, `{name: {((label, value), ...): number}}`, and the type of each name."""
    if not text.endswith("\n") or "\r" in text:
        raise ValueError("every line ends with a line feed")
    samples, types, helped, open_name = {}, {}, set(), None
    for line in text.removesuffix("\n").split("\n"):
        if found := _HELP.fullmatch(line):
            if found[1] in helped:
                raise ValueError(f"second HELP of {found[1]}")
            helped.add(found[1])
            open_name = found[1]
        elif found := _TYPE.fullmatch(line):
            if found[1] in types or found[1] != open_name:
                raise ValueError(f"TYPE of {found[1]} twice, or not after its HELP")
            types[found[1]] = found[2]
            samples[found[1]] = {}
        elif found := _SAMPLE.fullmatch(line):
            name, labels, number = found.groups()
            if name not in _names(open_name, types.get(open_name)):
                raise ValueError(f"{name} does not stand with its family")
            if not _NUMBER.fullmatch(number):
                raise ValueError(f"{number} is no number")
            key = tuple(sorted(_labels(labels or "")))
            if key in samples.setdefault(name, {}):
                raise ValueError(f"{name} {key} twice")
            samples[name][key] = float(number)
        else:
            raise ValueError(f"no line of the format: {line!r}")
    return samples, types


def _names(family, kind):
    """Return the names that the samples of a family may have."""
    if kind is None:
        return ()
    return (f"{family}_bucket", f"{family}_sum", f"{family}_count") if kind == "histogram" else (family,)


def _labels(text):
    at = 0
    while at < len(text):
        found = _LABEL.match(text, at)
        if not found:
            raise ValueError(f"no labels: {text!r}")
        yield found[1], re.sub(r'\\[\\"n]', lambda escaped: _ESCAPED[escaped[0]], found[2])
        at = found.end()
