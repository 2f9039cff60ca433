"""Forms and calls of the demo park."""

import pytest
from django.utils import timezone

from incubation.intake.faults import faults_of
from incubation.intake.form_states import FormState
from incubation.intake.models import Call, FormVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("park")]


def test_there_is_a_form_version_in_every_state_and_what_is_in_use_can_work():
    versions = list(FormVersion.objects.all())

    assert {version.state for version in versions} == set(FormState.values)
    assert [faults_of(version.definition) for version in versions if version.published_at] == [[], [], []]


def test_calls_are_open_come_later_and_are_over():
    now = timezone.now()

    assert Call.objects.open_at(now).filter(slug__in=["rolling", "new-year-round"]).count() == 2
    assert Call.objects.opening_after(now).filter(slug="pilot-lines").exists()
    assert Call.objects.filter(slug="last-autumn", closes_at__lt=now).exists()
