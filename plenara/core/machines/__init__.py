"""Machines elsewhere that an operator may name: a language model, a translation server. None is needed for anything.

    translation.is_configured()                       whether there is one; pages ask this, never the network
    translation.translate(texts, "en", "ar")          one text for each, "" where none could be used
    chat.ask(system, user, schema=…)                  the JSON object that the model answered
    Failed                                            the one exception; `words.sentence_of(failed.code)` says it

Only tasks ask them: an answer may take a minute. Whatever a machine returns is untrusted. It is bounded in time and
bytes, cleaned of what could disturb a page, and stays text: what becomes HTML goes through `core.text` as all does.
"""

from plenara.core.machines.servers import CODES, EXTRACT, Failed, Server, is_server
