"""A kind of things of the tests' own, and a machine that reads them without the encoder."""

import datetime
from dataclasses import dataclass, field

from plenara.search.actions import index
from plenara.search.entries import Content, Found
from plenara.search.models import Arrangement, Meaning
from plenara.search.queries.results import Asked
from plenara.search.queries.similarity import nearest_to
from plenara.search.query import parse

AT = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)


@dataclass
class Things:
    """Things by id: their language and text. `code` is a kind's."""

    code: str = "thing"
    number: int = 15
    name: str = "Thing"
    names: str = "Things"
    words: dict[int, tuple[str, str]] = field(default_factory=dict)

    def content(self, pk, **filters):
        language, text = self.words[pk]
        known = {"language": [language], **filters}
        return Content(self.code, pk, AT + datetime.timedelta(minutes=pk), language, "", text, known)

    def everything(self):
        return (self.content(pk) for pk in sorted(self.words))

    def found(self, object_ids):
        return {
            pk: Found(
                url=f"/{pk}/", symbol=str(pk), title="", text=self.words[pk][1], language=self.words[pk][0], at=AT
            )
            for pk in object_ids
            if pk in self.words
        }

    def publish(self, pk, text, language="en", **filters):
        self.words[pk] = (language, text)
        index.put([self.content(pk, **filters)])

    def withdraw(self, pk):
        del self.words[pk]
        index.take_out(self.code, [pk])


def asked(text, **more):
    return Asked(parse(text), **more)


def found(text, **more):
    return {hit.object_id for hit, _cosine in nearest_to(asked(text, **more)).hits}


def is_pgvector():
    return Meaning.objects.get().used.way == Arrangement.Way.PGVECTOR
