"""Two who write one application act in the same moment: one effect, and the other reads why."""

import pytest

from incubation.intake import actions, team
from incubation.intake.models import CoApplicant, TaskLease
from incubation.intake.progress import Draft
from tests.factories.accounts import make_user
from tests.factories.intake import ANSWERS, fill, make_co_applicant, make_draft, posted
from tests.incubation.test_intake_races import at_once, fresh

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_begin_to_type_at_once_one_edits_and_nothing_is_mixed():
    application = make_draft()
    people = [application.talent.user, make_co_applicant(application).user]
    task = Draft(application).definition.task("idea")

    def save(user):
        actions.save_answers(
            application=fresh(application), task=task, by=user, data=posted(ANSWERS["idea"] | {"title": user.email})
        )

    ends = at_once(*[lambda u=user: save(u) for user in people])

    winner = people[ends.index("")]
    assert sorted(ends) == ["", "being-edited"]
    assert (TaskLease.objects.get().user, fresh(application).title) == (winner, winner.email)


def test_an_invitation_pressed_twice_at_once_lets_in_once():
    application, chen = make_draft(), make_user()
    invitation = actions.invite(application=application, by=application.talent.user, email=chen.email, role="editor")

    ends = at_once(*[lambda: actions.join(invitation=invitation, by=chen)] * 2)

    assert sorted(ends) == ["", "invitation-over"]
    assert CoApplicant.objects.count() == 1


def test_who_is_removed_in_the_moment_of_a_save_leaves_nothing_half_done():
    application = make_draft()
    part = make_co_applicant(application)
    task = Draft(application).definition.task("idea")

    ends = at_once(
        lambda: actions.end_part(co_applicant=part, by=application.talent.user),
        lambda: actions.save_answers(
            application=fresh(application), task=task, by=part.user, data=posted(ANSWERS["idea"])
        ),
    )

    assert ends[0] == "" and ends[1] in ("", "not-yours")
    assert bool(fresh(application).title) is (ends[1] == "")
    assert not TaskLease.objects.exists()


def test_a_word_changed_in_the_moment_of_sending_is_either_sent_or_refused():
    application = make_draft(filled=True)
    lead = application.talent.user
    part = make_co_applicant(application, "editor", signs=True)
    actions.sign(application=application, by=part.user, read=team.wording(Draft.of(application)))
    changed = ANSWERS["idea"] | {"title": "Changed in the last moment"}

    ends = at_once(
        lambda: actions.submit(application=fresh(application), by=lead, says_true=True, agrees_to_storage=True),
        lambda: fill(fresh(application), "idea", changed),
    )

    sent = fresh(application)
    assert ends in (["", "not-open"], ["unsigned", ""])
    if ends[0] == "":
        assert sent.revisions.get().answers["idea"]["title"] != changed["title"]
