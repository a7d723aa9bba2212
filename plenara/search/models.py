"""Vectors of sentences, as the encoder gave them; whose sentences they are, this package does not know."""

from django.db import models


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
