"""The index: entries and their vectors. This package does not know whose texts they are."""

from django.db import models


class Entry(models.Model):
    """An indexed thing, or a part of a long one. Triggers of the database maintain the engine's own index of it.

    The key is the entry's place in time (`entries.number_of`): the newest has the largest.
    """

    id = models.BigAutoField(primary_key=True)  # always set; as this field it is SQLite's own row number
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=35, blank=True)
    words = models.TextField()  # tokens of title and text, in their order
    filters = models.TextField()  # tokens of its filters
    size = models.PositiveIntegerField()  # tokens in `words`
    digest = models.CharField(max_length=64)  # SHA-256 of its source

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "part"], name="entry_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Vector(models.Model):
    """The vector of a text: 512 whole numbers from -127 to 127, one signed byte each.

    Products of such vectors are whole numbers below 2**24, so single-precision sums of them are exact, in whatever
    order a machine adds: the same texts give the same groups and the same hits everywhere.
    """

    kind = models.CharField(max_length=20)  # the caller's name of the kind: "edition"
    object_id = models.BigIntegerField()
    place = models.PositiveSmallIntegerField()  # 0: the whole; from 1: its sentences
    encoder = models.CharField(max_length=40)  # the model and its version
    sha256 = models.CharField(max_length=64)  # of its text
    numbers = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "place"], name="vector_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}/{self.place}"


class Unread(models.Model):
    """An entry to encode, or to compare with others again: the queue of the tasks."""

    entry_id = models.BigIntegerField(primary_key=True)  # `Entry.id`; the newest is read first

    def __str__(self) -> str:
        return str(self.entry_id)


class Arrangement(models.Model):
    """How the nearest vectors are searched: in cells around centres, or by pgvector. A new one is made beside the
    one that is used, a piece at a time, and then takes its place.
    """

    class Way(models.TextChoices):
        CELLS = "cells"
        PGVECTOR = "pgvector"

    way = models.CharField(max_length=10, choices=Way)
    cells = models.PositiveIntegerField(default=1)
    centres = models.BinaryField(default=bytes)  # of each cell in turn, as numbers of vectors; of a single cell none
    of = models.PositiveIntegerField()  # vectors that there were when it was begun
    steps_left = models.PositiveSmallIntegerField(default=0)  # until the centres have converged
    cursor = models.BigIntegerField(default=0)  # the last assigned vector, while it is made
    packed = models.PositiveIntegerField(default=0)  # vectors in its pages, including deleted ones
    used_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.way} {self.pk}"


class Page(models.Model):
    """Some vectors of a cell, packed, so that a query reads few rows."""

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
    """The things of the same kind that are nearest in meaning to a thing, in any language."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    others = models.BinaryField()  # the nearest first: the other's id and the product, eight bytes each

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="related_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Meaning(models.Model):
    """The state of reading by meaning. One row."""

    number = models.BigIntegerField(default=1)  # of the task that is enqueued next
    lease_holder = models.BigIntegerField(default=0)  # the task that reads now; no other does at the same time
    lease_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    is_anew = models.BooleanField(default=False)  # everything is to be deleted and read again
    encoder = models.CharField(max_length=40, blank=True)  # the encoder of the stored vectors
    done = models.PositiveIntegerField(default=0)  # entries that were read
    total = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)  # entries that the encoder failed at
    at = models.DateTimeField(null=True)  # when some were last read
    used = models.ForeignKey(Arrangement, models.SET_NULL, null=True, related_name="+")
    making = models.ForeignKey(Arrangement, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"
