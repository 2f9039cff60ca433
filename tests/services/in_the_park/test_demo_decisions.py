"""The demo park has applications in every state, and each decision has its letter."""

import pytest

from incubation.intake.decision_letters import letter_of
from incubation.intake.models import Application, Decision
from incubation.intake.states import State
from park.letters.models import Letter
from park.workflow.calendar import beijing_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("park")]


def test_the_demo_has_applications_in_every_state():
    assert set(Application.objects.values_list("state", flat=True)) == set(State.values)


def test_every_decision_of_the_demo_is_made_by_two_and_told_by_a_letter_of_its_day():
    for made in Decision.objects.made().select_related("application"):
        letter = letter_of(made.application)

        assert made.proposed_by != made.decided_by
        assert letter.to == made.application.talent.user
        assert beijing_day(letter.issued_at) >= beijing_day(made.decided_at)


def test_the_letters_of_the_demo_are_whole_and_their_numbers_have_no_gap():
    for prefix in ("DL", "RC"):
        letters = Letter.objects.filter(prefix=prefix).order_by("serial")
        assert [letter.serial for letter in letters] == list(range(1, len(letters) + 1))
        assert all(letter.is_whole for letter in letters)
