"""What the quick way to migrate leaves in the database is what Django's own way leaves."""

from django.db import migrations, models
from django.db.migrations.state import ProjectState

from park.runtime.lean_migrations import lean_rendering


def operations():
    """Two models that know each other, changed in every way that is quick and one that is not."""
    yield migrations.CreateModel("House", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())])
    house = models.ForeignKey("town.House", models.CASCADE, related_name="people")
    yield migrations.CreateModel("Person", [("id", models.BigAutoField(primary_key=True)), ("house", house)])
    yield migrations.AddConstraint("House", models.UniqueConstraint(fields=["name"], name="a_name_once"))
    yield migrations.AddIndex("Person", models.Index(fields=["house"], name="by_house"))
    yield migrations.AddField("House", "owner", models.ForeignKey("town.Person", models.CASCADE, null=True))
    yield migrations.AlterField("House", "name", models.CharField(max_length=40))


def drawn(*, lean: bool) -> list[list]:
    """Return after each operation what its models know of themselves and of each other."""
    state, found = ProjectState(), []
    for operation in operations():
        state.apps  # noqa: B018  rendered before, as it is while a database is migrated
        if lean:
            with lean_rendering():
                operation.state_forwards("town", state)
        else:
            operation.state_forwards("town", state)
        found.append(
            [
                (
                    model.__name__,
                    [(field.name, type(field).__name__, field.max_length) for field in model._meta.concrete_fields],
                    sorted(relation.name for relation in model._meta.related_objects),
                    [constraint.name for constraint in model._meta.constraints],
                    [index.name for index in model._meta.indexes],
                )
                for model in sorted(state.apps.get_models(), key=lambda model: model.__name__)
            ]
        )
    return found


def test_models_are_drawn_as_django_draws_them():
    assert drawn(lean=True) == drawn(lean=False)
