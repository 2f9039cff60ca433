"""The columns of the wide row: one a fact, typed, NULL where the fact is not known."""

from django.db import models

from park.rules.vocabulary import Fact, Type, Vocabulary


def column(fact: Fact) -> models.Field:
    """Return a fresh field that holds the fact; NULL says that it is not known."""
    match fact.type:
        case Type.BOOLEAN:
            return models.BooleanField(null=True)
        case Type.INTEGER:
            return models.IntegerField(null=True)
        case Type.DECIMAL:
            return models.DecimalField(max_digits=18, decimal_places=4, null=True)
        case Type.RATIO:
            return models.DecimalField(max_digits=12, decimal_places=6, null=True)
        case Type.PERCENTAGE:
            return models.DecimalField(max_digits=6, decimal_places=3, null=True)
        case Type.MONEY:
            return models.DecimalField(max_digits=18, decimal_places=2, null=True)
        case Type.DATE:
            return models.DateField(null=True)
        case Type.TEXT:
            return models.TextField(null=True)
        case Type.CHOICE:
            return models.CharField(max_length=60, null=True)


def columns(vocabulary: Vocabulary) -> dict[str, models.Field]:
    """Return the fields of a wide row over the vocabulary, by column name, in the order of the vocabulary."""
    return {fact.column: column(fact) for fact in vocabulary.facts}
