"""Who applies beside others is known to the review: flagged as an expert, kept off as staff, taken out of the copy."""

import pytest

from incubation.intake.access import is_own
from incubation.intake.models import Application
from incubation.review import actions
from incubation.review.blinding import names_of
from incubation.review.conflicts import flags
from incubation.review.models import Round
from incubation.review.states import Conflict
from park.workflow.actions import NotYours
from tests.factories.intake import make_co_applicant
from tests.factories.review import make_candidate, make_expert, make_files, make_organiser, make_panel_call, make_round

pytestmark = pytest.mark.django_db


def test_an_expert_who_applies_beside_others_is_flagged_kept_off_and_taken_out():
    application, expert, stranger = make_candidate(make_panel_call()), make_expert(), make_expert()
    make_co_applicant(application, user=expert.user)
    application = Application.objects.get(pk=application.pk)

    found = flags([expert, stranger], [application])

    assert Conflict.SELF in {flag.kind for flag in found[expert.pk, application.pk]}
    assert Conflict.SELF not in {flag.kind for flag in found.get((stranger.pk, application.pk), [])}
    assert (is_own(expert.user, application), is_own(stranger.user, application)) == (True, False)
    assert expert.user.email in names_of(application)


def test_staff_who_apply_in_a_round_neither_see_nor_run_it():
    file = make_files(make_round(), make_organiser())[0]
    tied, free = make_organiser(), make_organiser()
    make_co_applicant(file.application, user=tied)

    assert list(Round.objects.visible_to(tied)) == []
    assert list(Round.objects.visible_to(free)) == [file.round]
    with pytest.raises(NotYours):
        actions.record_recusal(expert=make_expert(), application=file.application, kind="rival", note="Known.", by=tied)
    with pytest.raises(NotYours):
        actions.add_files(round=file.round, by=tied, applications=[])
