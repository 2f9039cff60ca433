"""Who applies beside others is known to the review: flagged as an expert, kept off as staff, taken out of the copy."""

import pytest

from incubation.intake.access import is_own
from incubation.intake.models import Application
from incubation.review import actions
from incubation.review.blinding import names_of
from incubation.review.conflicts import flags
from incubation.review.models import Round
from incubation.review.states import Conflict
from park.accounts.models import User
from park.organisations.models import Kind, Organisation
from park.workflow.actions import NotYours
from tests.factories.accounts import make_user
from tests.factories.intake import make_application, make_co_applicant
from tests.factories.organisations import make_membership
from tests.factories.profiles import make_stay, make_talent
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


def test_what_ties_an_expert_to_an_applicant_ties_them_to_a_co_applicant_too():
    application = make_candidate(make_panel_call())
    partner = make_user()
    make_co_applicant(application, user=partner)
    talent = make_talent(user=partner)
    make_stay(talent, kind="work", place="Institut für Optik", ended_on=None)
    company = Organisation.objects.create(kind=Kind.ENTERPRISE, slug="lumen", name_en="Lumen Weave Optics Ltd.")
    make_membership(organisation=company, user=partner)
    own = make_application("submitted", talent=talent)
    own.revisions.create(number=2, sent_by=partner, answers={"personal": {"home_address": "18 Willow Lane"}})
    User.objects.filter(pk=partner.pk).update(name="Zhao Hua", name_zh="赵华")
    colleague = make_expert()
    make_membership(organisation=company, user=colleague.user)
    namesake = make_expert(user=make_user(name="Zhao Li", name_zh="赵丽"), address="18 Willow Lane")

    tied = {
        "employer": make_expert(employer="Institut für Optik"), "enterprise": colleague, "family": namesake,
        "investor": make_expert(invested_in=["Lumen Weave Optics"]), "coauthor": make_expert(coauthors=["Hua Zhao"]),
    }  # fmt: skip
    found = flags(tied.values(), [application])

    kinds = {kind: {flag.kind for flag in found.get((expert.pk, application.pk), [])} for kind, expert in tied.items()}
    assert kinds == {kind: {kind} for kind in tied}
    assert flags([make_expert()], [application]) == {}
