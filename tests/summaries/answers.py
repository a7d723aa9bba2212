"""Reading the answers of the rapporteur's desk, as a browser would."""

import html
import re

DESK = "/en/desk/consultations/internet-governance/summaries/"


def body(answer):
    return answer.content.decode()


def hidden(answer, name):
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', body(answer)) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', body(answer)
    )
    return html.unescape(found[1]) if found else ""


def textarea(answer, name):
    """Return the contents of a text field."""
    found = re.search(rf'<textarea name="{name}"[^>]*>(.*?)</textarea>', body(answer), re.DOTALL)
    found = found or re.search(rf'<textarea id="[\w-]+" name="{name}"[^>]*>(.*?)</textarea>', body(answer), re.DOTALL)
    return html.unescape(found[1]).removeprefix("\n").removeprefix("\r\n")


def translation_form(answer, text):
    """Return the form of a rendition's page with every text typed."""
    page = body(answer)
    pks = re.findall(r'<textarea id="t(\d+)"', page)
    form = {f"t{pk}": text.format(pk) for pk in pks}
    for name in re.findall(r'name="((?:w|s)\d+|title_was|title_source)"', page):
        form[name] = hidden(answer, name)
    return form


def words(answer, element):
    """Return the text of all elements of a name, one after the other, without text only for screen readers."""
    found = re.findall(rf"<{element}>(.*?)</{element}>", body(answer), re.DOTALL)
    spoken = (re.sub(r'<span class="hidden".*?</span>', "", each, flags=re.DOTALL) for each in found)
    return html.unescape("".join(re.sub(r"<[^>]+>", "", each) for each in spoken))
