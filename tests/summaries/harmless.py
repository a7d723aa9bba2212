"""Checks that no hostile text has become an element, an attribute or an address of a page."""

from html.parser import HTMLParser

OURS = """a article aside b bdi blockquote br button caption circle code datalist dd del details div dl dt em fieldset
form h1 h2 h3 h4 header input ins label legend li main mark nav ol option p path rect section select span strong
summary sup svg table tbody td textarea th thead time tr ul"""


class Elements(HTMLParser):
    """Collects the elements of a page, their attributes, and where they lead."""

    def __init__(self):
        super().__init__()
        self.names, self.attributes, self.addresses = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.addresses |= {value for name, value in attrs if name in {"href", "src", "action"}}


def assert_is_harmless(page: str) -> None:
    """A page's main part and side column have only elements, attributes and addresses that we write."""
    elements = Elements()
    elements.feed(page.split("<main", 1)[1].split("<footer")[0])
    assert elements.names <= set(OURS.split())
    assert not [name for name in elements.attributes if name.startswith("on") or name == "style"]
    assert all(each.startswith(("/", "?", "#")) for each in elements.addresses if each)
