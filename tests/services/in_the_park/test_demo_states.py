"""Whatever can become of a record of incubation has become of one in the demo park."""

import importlib
import pkgutil

import pytest
from django.apps import apps

import incubation
from incubation.intake.models import Batch
from park.workflow.machine import Machine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("park")]
TABLES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(incubation.__path__, "incubation.")
    if found.name.endswith("states")
]
MACHINES = {each.name: each for table in TABLES for each in vars(table).values() if isinstance(each, Machine)}


def model_of(machine: Machine):
    """Return the model whose records go the way of a table."""
    found = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("incubation.")
        and not model.__name__.endswith("Event")
        and machine.state_field in {field.name for field in model._meta.fields}
        and model._meta.get_field(machine.state_field).choices == machine.states.choices
    ]
    assert len(found) == 1, machine
    return found[0]


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_each_state_of_each_table_of_incubation_is_in_the_demo(name):
    machine = MACHINES[name]

    assert set(model_of(machine).objects.values_list(machine.state_field, flat=True)) == set(machine.states.values)


def test_an_act_on_many_was_tried_and_another_was_made():
    assert {batch.started_at is not None for batch in Batch.objects.all()} == {True, False}
    assert not Batch.objects.filter(started_at__isnull=False, rows__done_at=None).exists()
