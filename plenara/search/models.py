"""The index: what can be found, and vectors of it. Whose texts they are, this package does not know."""

from django.db import models


class Entry(models.Model):
    """A thing that can be found, or a part of a long one. Triggers of the database keep the engine's own index of it.

    The key is the entry's place in time (`entries.number_of`): the newest has the largest.
    """

    id = models.BigAutoField(primary_key=True)  # always given; as such a field it is SQLite's own row number
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=35, blank=True)
    words = models.TextField()  # tokens of title and text, in their order
    filters = models.TextField()  # tokens of what it is filtered by
    size = models.PositiveIntegerField()  # tokens in `words`
    digest = models.CharField(max_length=64)  # SHA-256 of what it was made of

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "part"], name="entry_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Vector(models.Model):
    """The vector of a text: 512 whole numbers from -127 to 127, one signed byte each.

    Products of such vectors are whole numbers below 2**24, so single-precision sums of them are exact, in whatever
    order a machine adds: the same texts give the same groups and the same hits everywhere.
    """

    kind = models.CharField(max_length=20)  # what its caller calls the thing: "edition"
    object_id = models.BigIntegerField()
    place = models.PositiveSmallIntegerField()  # 0: the whole; from 1: its sentences
    encoder = models.CharField(max_length=40)  # the model and its version
    sha256 = models.CharField(max_length=64)  # of the text that it is of
    numbers = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "place"], name="vector_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}/{self.place}"


class Unread(models.Model):
    """An entry whose meaning is to be read, or to be compared anew with others. What the tasks have before them."""

    entry_id = models.BigIntegerField(primary_key=True)  # `Entry.id`; the newest is read first

    def __str__(self) -> str:
        return str(self.entry_id)


class Arrangement(models.Model):
    """Where the nearest vectors are looked for: in cells around centres, or by pgvector. A new one is made beside the
    one that is used, a piece at a time, and then takes its place.
    """

    class Way(models.TextChoices):
        CELLS = "cells"
        PGVECTOR = "pgvector"

    way = models.CharField(max_length=10, choices=Way)
    cells = models.PositiveIntegerField(default=1)
    centres = models.BinaryField(default=bytes)  # of each cell in turn, as numbers of vectors; of a single cell none
    of = models.PositiveIntegerField()  # vectors that there were when it was begun
    steps_left = models.PositiveSmallIntegerField(default=0)  # until the centres have found their places
    cursor = models.BigIntegerField(default=0)  # the last vector that has its place, while it is made
    packed = models.PositiveIntegerField(default=0)  # vectors in its pages, those that are gone among them
    used_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.way} {self.pk}"


class Page(models.Model):
    """Some vectors of a cell, packed, so that a question reads few rows."""

    arrangement = models.ForeignKey(Arrangement, models.DB_CASCADE)
    cell = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    ids = models.BinaryField()  # of each in turn: its `Vector`, then its `Entry`, eight bytes each
    numbers = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["arrangement", "cell"], name="page_of_cell")]

    def __str__(self) -> str:
        return f"{self.arrangement_id}/{self.cell}"


class Related(models.Model):
    """The things that are nearest in meaning to a thing, of its own kind, in whatever language."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    others = models.BinaryField()  # the nearest first: the other's id and the product, eight bytes each

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="related_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Meaning(models.Model):
    """How far the reading by meaning is. One row."""

    number = models.BigIntegerField(default=1)  # of the task that is enqueued next
    held_by = models.BigIntegerField(default=0)  # the task that is at it; no other is meanwhile
    held_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    is_anew = models.BooleanField(default=False)  # all is to be forgotten, and read again
    encoder = models.CharField(max_length=40, blank=True)  # whose vectors are kept
    done = models.PositiveIntegerField(default=0)  # entries that were read
    total = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)  # entries of which the encoder made nothing
    at = models.DateTimeField(null=True)  # when some were last read
    used = models.ForeignKey(Arrangement, models.SET_NULL, null=True, related_name="+")
    making = models.ForeignKey(Arrangement, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"
