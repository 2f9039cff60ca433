"""Who applies beside others is known to the review: flagged as an expert, kept off as staff, taken out of the copy."""

import pytest

from incubation.intake.models import Application
from incubation.review import access
from incubation.review.blinding import names_of
from incubation.review.conflicts import flags
from incubation.review.states import Conflict
from tests.factories.intake import make_co_applicant
from tests.factories.review import make_candidate, make_expert, make_panel_call

pytestmark = pytest.mark.django_db


def test_an_expert_who_applies_beside_others_is_flagged_kept_off_and_taken_out():
    application, expert, stranger = make_candidate(make_panel_call()), make_expert(), make_expert()
    make_co_applicant(application, user=expert.user)
    application = Application.objects.get(pk=application.pk)

    found = flags([expert, stranger], [application])

    assert Conflict.SELF in {flag.kind for flag in found[expert.pk, application.pk]}
    assert Conflict.SELF not in {flag.kind for flag in found.get((stranger.pk, application.pk), [])}
    assert (access.applies(expert.user, application), access.applies(stranger.user, application)) == (True, False)
    assert expert.user.email in names_of(application)
