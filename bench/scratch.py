"""Parks of any size that exist only inside a transaction: the wide row of facts, filled by one statement."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps.registry import Apps
from django.db import connection, models, transaction

from incubation.facts.columns import columns
from incubation.facts.vocabulary import TENANT_FACTS
from park.rules.vocabulary import Fact, Type

COMPANIES = 242
UNKNOWN = 0.1  # the share of facts that nobody has told
SCHEMA = "bench_scratch"

# How often each answer is given, where the demo park says so; all other answers are equally likely.
WEIGHTS = {
    "enterprise.sector": {
        "biomedicine": 46, "optoelectronic_information": 45, "software_ai": 38, "new_materials": 27,
        "medical_devices": 24, "advanced_equipment": 20, "automotive_parts_nev": 14, "new_energy_environment": 9,
        "satellite_aerospace": 8, "modern_agriculture": 6, "tech_services": 5,
    },
    "enterprise.stage": {"project_pre": 20, "enterprise_pre": 34, "startup": 84, "growth": 68, "accelerated": 36},
    "enterprise.ladder": {
        "none": 71, "tech_sme": 88, "innovative_sme": 27, "hnte": 40, "srdi_sme": 13, "little_giant": 2, "champion": 1,
    },
    "enterprise.zone": {"CCGX": 171, "CCBH": 43, "CCKG": 12, "CCCD": 5, "other_changchun": 11},
}  # fmt: skip
LARGEST = {"enterprise.age_days": 9000, "enterprise.age_months": 300, "enterprise.headcount": 500, "talent.age": 70}


class _Discard(Exception):
    pass


@contextmanager
def park(scale: int) -> Iterator[type[models.Model]]:
    """Give a model whose table holds ``scale`` times the demo park; nothing of it is left afterwards."""

    class Meta:
        apps = Apps()
        app_label = "bench"
        db_table = f'{SCHEMA}"."facts'

    model = type("BenchFacts", (models.Model,), {"__module__": __name__, "Meta": Meta} | columns(TENANT_FACTS))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {SCHEMA}")
            with connection.schema_editor() as editor:
                editor.create_model(model)
            fill(COMPANIES * scale)
            yield model
            raise _Discard
    except _Discard:
        pass


def fill(rows: int) -> None:
    names, values, params = [], [], []
    for fact in TENANT_FACTS.about("tenant", "enterprise", "talent", "project"):
        value, given = _random(fact)
        names.append(connection.ops.quote_name(fact.column))
        values.append(f"CASE WHEN random() >= {UNKNOWN} THEN {value} END")
        params += given
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.2026)")
        cursor.execute(
            f"INSERT INTO {SCHEMA}.facts ({', '.join(names)}) SELECT {', '.join(values)} FROM generate_series(1, %s)",
            [*params, rows],
        )
        cursor.execute(f"ANALYZE {SCHEMA}.facts")


def _random(fact: Fact) -> tuple[str, list]:
    """Return an SQL expression, with its parameters, that gives likely values of a fact."""
    match fact.type:
        case Type.BOOLEAN:
            return "random() < 0.6", []
        case Type.INTEGER:
            return f"floor(random() * {LARGEST.get(fact.key, fact.maximum or 12)})::int", []
        case Type.DECIMAL:
            return f"round((random() * {1000 if fact.key.endswith('_m2') else 10})::numeric, 1)", []
        case Type.RATIO:
            return f"round(({1 if fact.maximum else 0.25} * random())::numeric, 3)", []
        case Type.PERCENTAGE:
            return "round((random() * 100)::numeric, 1)", []
        case Type.MONEY:
            return "round(exp(random() * 20)::numeric, 2)", []  # up to half a billion, mostly small
        case Type.DATE:
            return "current_date - floor(random() * 9000)::int", []
        case Type.TEXT:
            return "'Somewhere'", []
        case Type.CHOICE:
            weights = WEIGHTS.get(fact.key) or {choice.value: 1 for choice in fact.choices[:40]}
            drawn = [value for value, weight in weights.items() for _each in range(weight)]
            return f"(%s::text[])[1 + floor(random() * {len(drawn)})::int]", [drawn]
