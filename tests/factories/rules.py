"""A small vocabulary with a fact of every type, rules over it, and a wide table that holds it."""

import random
from datetime import date
from decimal import Decimal

from django.apps.registry import Apps
from django.db import models

from incubation.facts.columns import columns
from park.rules.tree import Rule, parse
from park.rules.vocabulary import Change, Choice, Fact, Type, Vocabulary

VOCABULARY = Vocabulary(
    name="test",
    version=1,
    facts=(
        Fact("company.listed", Type.BOOLEAN, "Listed"),
        Fact("company.excluded", Type.BOOLEAN, "Excluded", negative="Not excluded", change=Change.NO),
        Fact("company.staff", Type.INTEGER, "Staff", minimum=Decimal(0)),
        Fact("company.age", Type.INTEGER, "Age", change=Change.GROWS, minimum=Decimal(0)),
        Fact("company.area", Type.DECIMAL, "Area", change=Change.NO),
        Fact("company.rd", Type.RATIO, "R&D spending", unit="%(value)s of revenue", minimum=Decimal(0)),
        Fact("company.abroad", Type.PERCENTAGE, "Share from abroad", minimum=Decimal(0), maximum=Decimal(100)),
        Fact("company.revenue", Type.MONEY, "Annual revenue", change=Change.NO, minimum=Decimal(0)),
        Fact("company.founded", Type.DATE, "Founded", change=Change.NO),
        Fact("company.seat", Type.TEXT, "Seat"),
        Fact(
            "company.field",
            Type.CHOICE,
            "Field",
            choices=(Choice("bio", "Biomedicine"), Choice("opto", "Optics"), Choice("cars", "Cars")),
            change=Change.NO,
        ),
        Fact(
            "company.zone",
            Type.CHOICE,
            "Zone",
            choices=(Choice("area", "New Area"), Choice("tech", "High-tech Zone", "area"), Choice("else", "Elsewhere")),
        ),
    ),
)

# Values that rules ask for; subjects have the same, their neighbours, and nothing.
VALUES = {
    Type.BOOLEAN: [True, False],
    Type.INTEGER: [0, 1, 2, 3, 5, 8],
    Type.DECIMAL: [Decimal("-1.5"), Decimal(0), Decimal("0.25"), Decimal(2)],
    Type.RATIO: [Decimal(0), Decimal("0.03"), Decimal("0.05"), Decimal("0.1")],
    Type.PERCENTAGE: [Decimal(0), Decimal("49.9"), Decimal(50), Decimal(100)],
    Type.MONEY: [Decimal(0), Decimal(50_000_000), Decimal("50000000.01"), Decimal(200_000_000)],
    Type.DATE: [date(2020, 2, 29), date(2024, 1, 1), date(2024, 1, 2)],
    Type.TEXT: ["Jilin", "jilin", "吉林", "100%_'"],
}


def values_of(fact: Fact) -> list:
    return VALUES.get(fact.type) or [choice.value for choice in fact.choices]


def make_criterion(fact: str, op: str, value=None, **more) -> dict:
    return {"fact": fact, "op": op} | ({} if value is None else {"value": value}) | more


def make_rule(*nodes: dict, vocabulary: Vocabulary = VOCABULARY) -> Rule:
    """Return a rule that asks for all of the nodes."""
    return parse({"version": 1, "all": list(nodes)}, vocabulary)


def make_row(rng: random.Random) -> dict:
    """Return a subject by columns; a quarter of what could be known is not."""
    return {fact.column: None if rng.random() < 0.25 else rng.choice(values_of(fact)) for fact in VOCABULARY.facts}


def make_wide_model(name: str = "Wide") -> type[models.Model]:
    """Return a model over the vocabulary in a registry of its own; ``schema_editor.create_model`` makes its table."""

    class Meta:
        apps = Apps()
        app_label = "rules"
        db_table = f"test_{name.lower()}"

    return type(name, (models.Model,), {"__module__": __name__, "Meta": Meta} | columns(VOCABULARY))
