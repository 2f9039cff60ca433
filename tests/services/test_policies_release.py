"""From preview to telling: who is reached, what is kept of each verdict, and that nothing is done twice."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubation.facts.models import Source
from incubation.journey.models import TenantState
from park.notices import kinds, letters
from park.notices.models import Delivery, Notice
from park.organisations.models import Role
from park.workflow.actions import MoveRefused, NotYours, SecondPersonNeeded, history
from services.policies import actions, judging, matching, new_fits, tasks, telling
from services.policies.models import Preview, Release, Verdict
from services.policies.states import LISTED, MACHINE, State
from talents.profiles.models import Consent
from tests.factories.accounts import make_user
from tests.factories.facts import know, make_company, make_owner, make_project
from tests.factories.policies import (
    criterion,
    make_draft,
    make_manager,
    make_officer,
    make_reviewer,
    make_version,
    release,
    rule,
    staff_at_least,
)

pytestmark = pytest.mark.django_db
HEADCOUNT = "enterprise.headcount"
REVENUE = "enterprise.revenue_cny"  # cannot change before a deadline
TWO = (staff_at_least(10), criterion(REVENUE, "gte", 1_000_000))


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """Do the work of a release as soon as it is made."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def park():
    """Five companies: fits, may fit (unknown), near (can change), not now (cannot change), not now for two reasons."""
    known = {
        "fits": {HEADCOUNT: 12, REVENUE: 2_000_000},
        "asks": {HEADCOUNT: 12},
        "near": {HEADCOUNT: 8, REVENUE: 2_000_000},
        "settled": {HEADCOUNT: 12, REVENUE: 5},
        "far": {HEADCOUNT: 1, REVENUE: 5},
    }
    tenants = {}
    for name, values in known.items():
        tenants[name] = make_company()
        know(tenants[name], values)
        tenants[name].owner = make_owner(tenants[name])
    return tenants


def told() -> set[int]:
    kinds_of_fits = [matching.KIND, new_fits.NEW_FIT]
    return set(Notice.objects.filter(kind__in=kinds_of_fits).values_list("recipient", flat=True))


def verdicts(version) -> dict[int, tuple[str, bool]]:
    return {verdict.tenant_id: (verdict.word, verdict.near) for verdict in Verdict.objects.filter(version=version)}


def test_the_preview_says_who_fits_who_may_fit_and_who_is_near(park):
    version = make_version(rule=rule(*TWO))

    seen = actions.preview(version=version, by=make_manager())

    assert seen.fits == [park["fits"].pk]
    assert seen.may_fit == sorted([park["asks"].pk, park["near"].pk])
    assert seen.near == sorted([park["asks"].pk, park["near"].pk, park["settled"].pk])
    assert seen.people == 3


def test_whom_the_preview_showed_is_whom_the_release_tells(park, at_once):
    version, manager = make_version(rule=rule(*TWO)), make_manager()
    seen = actions.preview(version=version, by=manager)

    with at_once():
        made = actions.release(version=version, by=manager, previewed=seen)

    stored = verdicts(version)
    assert sorted(pk for pk, (word, _) in stored.items() if word == "fits") == seen.fits
    assert sorted(pk for pk, (word, _) in stored.items() if word == "may_fit") == seen.may_fit
    assert sorted(pk for pk, (word, near) in stored.items() if near and word != "fits") == seen.near
    assert told() == {park[name].owner.pk for name in ("fits", "asks", "near")}
    made.refresh_from_db()
    assert (made.progress, made.fits, made.may_fit, made.near, made.told) == ("complete", 1, 2, 3, 3)
    assert made.drift == {"gained": [], "lost": [], "people": 0}
    assert version.state == State.RELEASED


def test_a_verdict_is_kept_only_of_those_who_fit_may_fit_or_are_near(park, at_once):
    version = make_version(rule=rule(*TWO))

    with at_once():
        release(version)

    assert verdicts(version) == {
        park["fits"].pk: ("fits", False),
        park["asks"].pk: ("may_fit", True),
        park["near"].pk: ("may_fit", True),
        park["settled"].pk: ("not_now", True),
    }


def test_each_verdict_keeps_every_fact_as_it_was_read_and_says_the_same_again(park, at_once):
    version = make_version(rule=rule(*TWO))
    know(park["near"], {"enterprise.is_sme": True}, Source.SELF)

    with at_once():
        release(version)

    day = timezone.localdate().isoformat()
    stored = Verdict.objects.get(version=version, tenant=park["near"])
    assert stored.trace == [
        {"fact": HEADCOUNT, "value": "8", "source": "staff", "as_of": day},
        {"fact": REVENUE, "value": "2000000.00", "source": "staff", "as_of": day},
    ]
    for verdict in Verdict.objects.filter(version=version).select_related("version__policy"):
        match = judging.of_verdict(verdict)
        assert (match.judgement.verdict, match.judgement.near) == (verdict.word, verdict.near)
        assert (match.judgement.met, match.judgement.unknown) == (verdict.met, verdict.unknown)


def test_the_database_and_the_page_say_the_same_of_everybody(park):
    version = make_version(rule=rule(*TWO, {"any": [criterion("talent.degree_abroad", "is_true"), staff_at_least(9)]}))

    for row in matching.judged(version):
        match = judging.of_tenant([version.policy], row.tenant)[0]
        assert (match.verdict, match.judgement.near) == (row.word, row.near)
        assert (match.judgement.met, match.judgement.unknown) == (row.met, row.unknown)


@pytest.mark.parametrize("size", [1, 12])
def test_a_release_costs_four_statements_whatever_the_number(size, at_once):
    for _ in range(size):
        tenant = make_company()
        know(tenant, {HEADCOUNT: 12})
        make_owner(tenant)
    made = release(make_version(rule=rule(staff_at_least(10))))
    made_pk = made.pk

    with CaptureQueriesContext(
        connection,
    ) as captured:
        matching.run_release(made_pk)

    work = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(work) == 1 + 4  # read the release; judge, see whose clocks count, tell, count
    assert len(told()) == size


def test_a_release_run_again_adds_nothing(park, at_once):
    version = make_version(rule=rule(*TWO))
    with at_once():
        made = release(version)
    before = (
        set(Verdict.objects.values_list("pk", "judged_at")), set(Notice.objects.values_list("pk", flat=True)),
        set(Delivery.objects.values_list("pk", flat=True)),
    )  # fmt: skip

    tasks.run_release(made.pk)
    tasks.finish_releases()

    assert before == (
        set(Verdict.objects.values_list("pk", "judged_at")), set(Notice.objects.values_list("pk", flat=True)),
        set(Delivery.objects.values_list("pk", flat=True)),
    )  # fmt: skip


def test_the_sweep_finishes_what_a_lost_nudge_left_behind(park):
    made = release(make_version(rule=rule(*TWO)))  # the callback of the commit never runs here
    assert made.progress == Release.Progress.QUEUED

    tasks.finish_releases()

    made.refresh_from_db()
    assert made.progress == Release.Progress.COMPLETE
    assert len(told()) == 3


def test_one_person_of_two_tenants_is_told_once(park, at_once):
    make_owner(park["near"], user=park["fits"].owner)

    with at_once():
        made = release(make_version(rule=rule(*TWO)))

    assert Notice.objects.filter(recipient=park["fits"].owner).count() == 1
    made.refresh_from_db()
    assert made.told == 3


@pytest.mark.parametrize(
    ("role", "hears"), [(Role.OWNER, True), (Role.MANAGER, True), (Role.FINANCE, True), (Role.MEMBER, False)]
)
def test_who_speaks_for_a_tenant_is_told(role, hears, at_once):
    tenant = make_company()
    know(tenant, {HEADCOUNT: 12})
    person = make_owner(tenant, role=role)

    with at_once():
        release(make_version(rule=rule(staff_at_least(10))))

    assert told() == ({person.pk} if hears else set())


def test_who_left_the_company_or_the_park_is_not_told(at_once):
    gone, left = make_company(state=TenantState.EXITED), make_company()
    for tenant in (gone, left):
        know(tenant, {HEADCOUNT: 12})
        make_owner(tenant)
    left.organisation.memberships.update(ended_at=timezone.now() + dt.timedelta(minutes=1))

    with at_once():
        release(make_version(rule=rule(staff_at_least(10))))

    assert told() == set()


def test_whose_founder_took_back_the_yes_to_being_matched_is_neither_judged_nor_told(at_once):
    asked_to_stop, thought_better_of_it, never_asked = make_company(), make_company(), make_company()
    for tenant in (asked_to_stop, thought_better_of_it, never_asked):
        know(tenant, {HEADCOUNT: 12})
    for tenant in (asked_to_stop, thought_better_of_it):
        Consent.objects.create(talent=tenant.talent, what=Consent.What.MATCHING, withdrawn_at=timezone.now())
    Consent.objects.create(talent=thought_better_of_it.talent, what=Consent.What.MATCHING)
    hears = {make_owner(tenant).pk for tenant in (thought_better_of_it, never_asked)}
    make_owner(asked_to_stop)

    with at_once():
        version = make_version(rule=rule(staff_at_least(10)))
        release(version)

    assert told() == hears
    assert set(verdicts(version)) == {thought_better_of_it.pk, never_asked.pk}


def test_a_policy_for_companies_is_not_judged_for_projects_and_one_for_parks_for_nobody():
    make_project()
    company = make_company()

    assert [row.pk for row in matching.judged(make_version())] == []  # nobody is known yet
    know(company, {HEADCOUNT: 5})

    assert [row.pk for row in matching.judged(make_version())] == [company.pk]
    assert list(matching.judged(make_version(about={"applicant": "park"}))) == []


def test_a_policy_for_those_who_are_no_tenants_reaches_nobody(at_once):
    make_owner(make_company())
    version = make_version(about={"applicant": "investor"})

    with at_once():
        made = release(version)

    made.refresh_from_db()
    assert (made.progress, made.fits, made.may_fit, made.near, made.told) == ("complete", 0, 0, 0, 0)


def test_facts_that_change_bring_a_new_verdict_and_tell_only_who_is_new(park, at_once):
    version = make_version(rule=rule(*TWO))
    with at_once():
        release(version)
    matching.rejudge_changed()
    before = told()

    know(park["far"], {HEADCOUNT: 20, REVENUE: 3_000_000}, as_of=timezone.localdate())
    know(park["fits"], {REVENUE: 1}, as_of=timezone.localdate())
    changed = matching.rejudge_changed()

    assert changed == 2
    assert verdicts(version)[park["far"].pk] == ("fits", False)
    assert verdicts(version)[park["fits"].pk] == ("not_now", True)
    assert told() - before == {park["far"].owner.pk}
    assert matching.rejudge_changed() == 0


def test_what_changed_since_the_preview_is_written_down(park, at_once):
    version, manager = make_version(rule=rule(*TWO)), make_manager()
    seen = actions.preview(version=version, by=manager)
    know(park["far"], {HEADCOUNT: 20, REVENUE: 3_000_000})
    know(park["near"], {REVENUE: 1})

    with pytest.raises(actions.Drifted):
        actions.release(version=version, by=manager, previewed=seen)
    mark = matching.mark_of(matching.drift(seen, matching.look(version)))
    made = actions.release(version=version, by=manager, previewed=seen, confirmed=mark)

    assert made.drift == {"gained": [park["far"].pk], "lost": [park["near"].pk], "people": 0}


def test_a_release_needs_a_preview_of_the_day_seen_by_the_same_manager():
    version, manager = make_version(), make_manager()
    old = actions.preview(version=version, by=manager)
    Preview.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(hours=25))
    old.refresh_from_db()

    with pytest.raises(actions.NotFresh):
        actions.release(version=version, by=manager, previewed=old)
    with pytest.raises(actions.NotFresh):
        seen = actions.preview(version=version, by=make_manager())
        actions.release(version=version, by=manager, previewed=seen)
    with pytest.raises(actions.NotFresh):
        actions.release(version=version, by=manager, previewed=actions.preview(version=make_version(), by=manager))


def test_whoever_wrote_a_version_can_neither_approve_nor_release_it():
    author = make_reviewer()
    version = make_draft(by=author)
    actions.send_for_review(version=version, by=author)

    with pytest.raises(SecondPersonNeeded):
        actions.approve(version=version, by=author)
    with pytest.raises(NotYours):
        actions.approve(version=version, by=make_officer())


def test_a_released_version_makes_way_for_the_next():
    first = make_version(slug="grant")
    release(first)

    second = make_version(slug="grant", title_en="Grant, revised")
    release(second)

    first.refresh_from_db()
    assert (first.state, second.state, second.policy.current_id) == (State.AMENDED, State.RELEASED, second.pk)


def test_a_version_taken_back_leaves_the_catalogue_and_its_readers_are_told(park, at_once):
    version = make_version(rule=rule(*TWO))
    with at_once():
        release(version)

    actions.withdraw(version=version, by=make_manager(), note="The figures were wrong.")

    version.policy.refresh_from_db()
    assert version.policy.current is None
    assert set(Notice.objects.filter(kind=matching.WITHDRAWN).values_list("recipient", flat=True)) == told()


def test_a_withdrawn_version_tells_nobody_any_more(park):
    version = make_version(rule=rule(*TWO))
    made = release(version)
    actions.withdraw(version=version, by=make_manager(), note="Wrong.")

    assert matching.run_release(made.pk) is False
    assert told() == set()


@pytest.mark.parametrize(
    ("wording", "about"),
    [
        ({"title_zh_hans": ""}, {}),
        ({"summary_zh_hans": ""}, {}),
        ({}, {"source_document": ""}),
        ({"rule": rule(staff_at_least(5), criterion(HEADCOUNT, "lt", 3))}, {}),
    ],
)
def test_what_is_not_complete_is_not_sent_for_review(wording, about):
    version = make_draft(about=about, **wording)

    with pytest.raises(MoveRefused):
        actions.send_for_review(version=version, by=version.author)

    version.refresh_from_db()
    assert version.state == State.DRAFT


def test_a_rule_that_cannot_be_read_is_not_even_drafted():
    with pytest.raises(actions.RuleNotRight):
        make_draft(rule=rule(criterion("enterprise.shoe_size", "gte", 3)))


VERBS = {
    "send": lambda version, by: actions.send_for_review(version=version, by=by),
    "approve": lambda version, by: actions.approve(version=version, by=by),
    "return": lambda version, by: actions.return_for_changes(version=version, by=by, note="Say more."),
    "release": lambda version, by: actions.release(
        version=version, by=by, previewed=matching.preview(version, by)
    ),
    "schedule": lambda version, by: actions.schedule(
        version=version, by=by, previewed=matching.preview(version, by), at=timezone.now() + dt.timedelta(1)
    ),
    "unschedule": lambda version, by: actions.unschedule(version=version, by=by),
    "close": lambda version, by: actions.close(version=version, by=by),
    "archive": lambda version, by: actions.archive(version=version, by=by),
    "withdraw": lambda version, by: actions.withdraw(version=version, by=by, note="Wrong."),
    "cancel": lambda version, by: actions.cancel(version=version, by=by),
}  # fmt: skip
UNLISTED = [(state, move) for state in State.values for move in VERBS if state not in MACHINE.find(move).origins]


@pytest.mark.parametrize(("state", "move"), UNLISTED)
def test_a_move_that_the_table_does_not_list_is_refused(state, move):
    version = make_draft()
    superuser = make_user(is_superuser=True, is_staff=True)
    now = timezone.now()
    type(version).objects.filter(pk=version.pk).update(
        state=state, released_at=now, scheduled_for=now, scheduled_by=superuser
    )
    version.refresh_from_db()

    with pytest.raises(MoveRefused):
        VERBS[move](version, superuser)

    version.refresh_from_db()
    assert version.state == state
    assert [log.refusal != "" for log in history(version)] == [True, False]


def test_every_move_of_the_table_has_its_verb():
    assert {move.name for move in MACHINE.moves if move.origins} == {*VERBS, "amend"}
    assert set(LISTED) == set(State) - {State.DRAFT, State.IN_REVIEW, State.WITHDRAWN, State.CANCELLED}


def test_the_command_releases_through_the_same_verb(park, at_once):
    version, manager = make_version(rule=rule(*TWO), slug="grant"), make_manager()
    out = StringIO()

    with at_once():
        call_command("release_policy", "grant", by=manager.email, stdout=out)

    assert "1 fit, 2 may fit, 3 are one condition away; 3 people" in out.getvalue()
    assert len(told()) == 3
    assert Release.objects.get(version=version).by == manager


@pytest.mark.parametrize(
    ("slug", "email"), [("nothing", "manager"), ("grant", "nobody@park.example"), ("grant", "officer")]
)
def test_the_command_says_plainly_why_not(slug, email):
    make_version(slug="grant")
    people = {"manager": make_manager().email, "officer": make_officer().email}

    with pytest.raises(CommandError):
        call_command("release_policy", slug, by=people.get(email, email))

    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("name", "language", "subject", "body"),
    [
        ("fits", "en", "A policy fits you: Grant", "You meet all of its 2 conditions that apply to you."),
        ("asks", "en", "A policy may fit you: Grant", "Conditions met: 1. Not known yet: 1."),
        ("near", "en", "A policy may fit you: Grant", "Conditions met: 1. Not met yet, but they can still change: 1."),
    ],
)
def test_the_letter_says_how_many_conditions_are_met(park, at_once, name, language, subject, body):
    version = make_version(rule=rule(*TWO), title_en="Grant", title_zh_hans="资助")
    with at_once():
        release(version)
    key = kinds.Key(park[name].owner.pk, version.pk, version.number)

    context = telling.load({(version.pk, version.number)})[version.pk, version.number] | telling.verdicts([key])[key]
    letter = letters.write(kinds.get(matching.KIND), context, language)

    assert letter.subject == subject
    assert body in letter.body
    assert letter.url == f"/policies/{version.policy.slug}/"
    assert letters.write(kinds.get(matching.KIND), context, "zh-hans").url == f"/zh-hans{letter.url}"


def test_who_does_not_speak_for_a_tenant_any_more_gets_no_mail(park, at_once):
    version = make_version(rule=rule(*TWO))
    with at_once():
        release(version)
    keys = [kinds.Key(park[name].owner.pk, version.pk, version.number) for name in ("fits", "near")]

    park["near"].organisation.memberships.update(ended_at=timezone.now() + dt.timedelta(minutes=1))

    assert telling.still_wanted(keys) == {keys[0]}
