"""Optional remote machines that an operator configures: a language model, a translation server.

    translation.is_configured()                       whether there is one; pages check this, without a request
    translation.translate(texts, "en", "ar")          one text for each, "" if no usable one
    chat.ask(system, user, schema=…)                  the JSON object that the model answered
    Failed                                            the one exception; `requests.failure_sentence` describes it

Only tasks send them requests: an answer may take a minute. What a machine returns is untrusted: limited in time and
bytes, cleaned of what could disturb a page, and stays text: `core.text` makes HTML of it, as of any text.
"""

from plenara.core.machines.servers import CODES, EXTRACT, Failed, Server, is_server
