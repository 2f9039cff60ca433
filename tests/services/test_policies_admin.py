"""The officers' desk for policies: the same verbs, the same four eyes, and what a release would reach."""

import re

import pytest
from django.urls import reverse

from park.audit.actions import acting
from park.workflow.actions import Stale
from services.policies import actions
from services.policies.models import Policy, PolicyVersion, Preview, Release
from services.policies.states import State
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import (
    criterion,
    make_case,
    make_draft,
    make_manager,
    make_officer,
    make_policy,
    make_reviewer,
    make_version,
    release,
    rule,
    staff_at_least,
)

pytestmark = pytest.mark.django_db
HEADCOUNT = "enterprise.headcount"


def words_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def case(version, act: str = "change") -> str:
    return reverse(f"admin:policies_policyversion_{act}", args=[version.pk])


def wording(version, **changed) -> dict:
    kept = {
        "title_en": version.title_en, "title_zh_hans": version.title_zh_hans, "summary_en": version.summary_en,
        "summary_zh_hans": version.summary_zh_hans, "rule": '{"version": 1, "all": []}',
        "benefits": '[{"en": "A payment.", "zh": "资助。", "type": "cash"}]', "is_standing": "on",
        "contact_zh_hans": "政策服务岗",
        "documents": "[]", "steps": "[]", "compiler_status": "in_force", "read_version": version.version,
        "workflow-transitionlog-content_type-object_id-TOTAL_FORMS": 0,
        "workflow-transitionlog-content_type-object_id-INITIAL_FORMS": 0,
        "golden_cases-TOTAL_FORMS": 0, "golden_cases-INITIAL_FORMS": 0,
    }  # fmt: skip
    return kept | changed


def test_the_lists_answer_the_mornings_questions(client, django_assert_max_num_queries):
    client.force_login(make_manager())
    release(make_version())
    make_draft()

    for model in ("policy", "policyversion", "release"):
        url = reverse(f"admin:policies_{model}_changelist")
        assert client.get(url).status_code == 200
        with django_assert_max_num_queries(14):
            client.get(url)
    found = client.get(reverse("admin:policies_policy_changelist"), {"live": "open", "q": "grant"})
    assert found.status_code == 200


def test_an_officer_sees_the_conditions_in_words_of_both_languages(client):
    client.force_login(make_officer())
    version = make_version(rule=rule(staff_at_least(10)))

    page = words_of(client.get(case(version)))

    assert "Staff of the company at least 10 people" in page


def test_an_officer_writes_a_policy_new_to_the_park(client):
    client.force_login(make_officer())

    client.post(
        reverse("admin:policies_policy_add"),
        {
            "slug": "new-grant", "level": "municipal", "region": "CN-JL-CC", "kind": "subsidy",
            "applicant": "enterprise", "issuing_body_en": "City", "issuing_body_zh_hans": "市", "confidence": "high",
            "title_en": "New grant",
            "title_zh_hans": "新资助", "summary_en": "A grant.", "summary_zh_hans": "资助。",
        },
    )  # fmt: skip

    version = PolicyVersion.objects.get(policy__slug="new-grant")
    assert (version.state, version.number, version.title_zh_hans) == (State.DRAFT, 1, "新资助")


def test_an_officer_rewrites_a_draft_and_hands_it_on(client):
    officer = make_officer()
    client.force_login(officer)
    version = make_draft(by=officer, cases=[make_case("fits", {"talent.age": 18}), make_case("may_fit", {})])

    client.post(
        case(version),
        wording(version, rule='{"version": 1, "all": [{"fact": "talent.age", "op": "gte", "value": 18}]}'),
    )

    version.refresh_from_db()
    assert version.rule["all"][0]["fact"] == "talent.age"

    client.post(reverse("admin:policies_policyversion_act_send", args=[version.pk]), {"version": version.version})
    version.refresh_from_db()
    assert version.state == State.IN_REVIEW


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ('{"version": 1, "all": [{"fact": "x.y", "op": "eq", "value": 1}]}', "No fact is called “x.y”."),
        (
            '{"version": 1, "all": [{"fact": "enterprise.headcount", "op": "between", "value": [9, 3]}]}',
            "Nothing lies between 9 people and 3 people.",
        ),
    ],
)
def test_a_rule_that_cannot_hold_is_refused_with_its_reason(client, bad, says):
    officer = make_officer()
    client.force_login(officer)
    version = make_draft(by=officer)

    read = version.version
    page = client.post(case(version), wording(version, rule=bad))

    assert says in words_of(page)
    version.refresh_from_db()
    assert version.version == read


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client):
    officer, other = make_officer(), make_officer()
    client.force_login(officer)
    version = make_draft(by=officer)
    stale = wording(version, title_en="Mine")
    with acting(other):
        actions.revise(version=version, wording={"title_en": "Theirs"}, by=other)

    page = client.post(case(version), stale)

    version.refresh_from_db()
    assert version.title_en == "Theirs"
    assert page.status_code == 409 and 'value="Mine"' in page.content.decode()
    assert f"This was changed while you had it open: {other} was faster." in words_of(page)


def test_golden_cases_that_somebody_wrote_meanwhile_are_not_overwritten():
    officer = make_officer()
    version = make_draft(by=officer)
    read = version.version
    actions.set_cases(version=version, cases=[make_case("not_now", {"enterprise.headcount": 1})], by=officer)

    with pytest.raises(Stale):
        actions.set_cases(version=version, cases=[], by=make_officer(), lock=read)
    with pytest.raises(Stale):
        actions.revise(version=version, wording={"title_en": "Mine"}, by=make_officer(), lock=read)


def test_a_policy_that_is_known_already_is_refused_with_what_was_typed(client):
    client.force_login(make_officer())
    draft = make_draft()

    page = client.post(
        reverse("admin:policies_policyversion_add"), wording(draft, policy=draft.policy_id, title_en="Typed in vain")
    )

    assert page.status_code == 409 and 'value="Typed in vain"' in page.content.decode()
    assert "Version 1 is still being worked on." in words_of(page)


def test_the_wording_of_a_listed_version_cannot_be_rewritten(client):
    client.force_login(make_officer())
    version = make_version()

    refused = client.post(case(version), wording(version, title_en="Rewritten"))
    client.force_login(make_manager())
    strange = client.post(case(version), wording(version, title_en="Rewritten"))

    assert (refused.status_code, strange.status_code) == (409, 403)
    version.refresh_from_db()
    assert version.title_en != "Rewritten"


def test_what_was_typed_while_a_draft_was_sent_comes_back_with_a_sentence(client):
    draft, officer = make_draft(), make_officer()
    cases = draft.golden_cases.count()
    client.force_login(officer)
    typed = wording(draft, title_en="Typed in vain") | {
        "golden_cases-TOTAL_FORMS": 1, "golden_cases-0-name_en": "A case typed too",
    }  # fmt: skip
    actions.send_for_review(version=draft, by=draft.author)

    page = client.post(case(draft), typed)

    shown = page.content.decode()
    assert page.status_code == 409 and "This version left the draft while you had it open" in words_of(page)
    assert 'value="Typed in vain"' in shown and 'value="A case typed too"' in shown
    draft.refresh_from_db()
    assert (draft.state, draft.golden_cases.count()) == ("in_review", cases) and draft.title_en != "Typed in vain"
    assert "Typed in vain" not in client.get(case(draft)).content.decode()  # nothing is open that should not be


def test_the_next_version_starts_from_the_one_before(client):
    client.force_login(make_officer())
    version = make_version(title_en="Grant")

    form = (
        client.get(reverse("admin:policies_policyversion_add"), {"policy": version.policy_id}).context["adminform"].form
    )
    client.post(
        reverse("admin:policies_policyversion_add"),
        wording(version, policy=version.policy_id, title_en=f"{form.initial['title_en']}, revised"),
    )

    newest = Policy.objects.get(pk=version.policy_id).versions.first()
    assert (newest.number, newest.title_en, newest.state) == (2, "Grant, revised", State.DRAFT)


def test_the_author_is_not_offered_to_approve(client):
    author = make_reviewer()
    client.force_login(author)
    version = make_draft(by=author)
    actions.send_for_review(version=version, by=author)
    url = reverse("admin:policies_policyversion_act_approve", args=[version.pk])

    assert url not in client.get(case(version)).content.decode()
    page = client.post(url, {"version": version.version})

    assert "A second person has to take this step" in words_of(page)
    version.refresh_from_db()
    assert version.state == State.IN_REVIEW


def test_a_second_officer_is_offered_to_approve_and_does(client):
    version = make_draft()
    actions.send_for_review(version=version, by=version.author)
    client.force_login(make_reviewer())
    url = reverse("admin:policies_policyversion_act_approve", args=[version.pk])

    assert url in client.get(case(version)).content.decode()
    client.post(url, {"version": version.version})

    version.refresh_from_db()
    assert version.state == State.APPROVED


@pytest.fixture
def park():
    tenants = {}
    for name, headcount in (("fits", 12), ("near", 8)):
        tenants[name] = make_company()
        know(tenants[name], {HEADCOUNT: headcount})
        make_owner(tenants[name])
    return tenants


def test_a_manager_looks_whom_it_reaches_and_releases(client, park, django_capture_on_commit_callbacks):
    manager = make_manager()
    client.force_login(manager)
    version = make_version(rule=rule(staff_at_least(10), criterion("enterprise.sector", "in", ["biomedicine"])))
    assert "Release and tell" not in words_of(client.get(case(version, "reach")))

    page = client.post(case(version, "reach"), follow=True)

    assert "2 people would be told" in words_of(page)
    assert str(park["fits"]) in words_of(page)
    near = client.get(f"{page.redirect_chain[-1][0]}&which=near")
    assert "Staff of the company at least 10 people: not met (8 people)" in words_of(near)

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(
            case(version, "reach"), {"release": Preview.objects.get().pk, "read": version.version}, follow=True
        )

    made = Release.objects.get()
    assert (made.by, made.told, made.progress) == (manager, 2, "complete")
    assert "Released." in words_of(done)


def test_what_changed_since_the_preview_is_shown_before_the_release(client, park):
    client.force_login(make_manager())
    version = make_version(rule=rule(criterion("enterprise.revenue_cny", "gte", 5)))
    page = client.post(case(version, "reach"), follow=True)
    know(park["near"], {"enterprise.revenue_cny": 1})

    page = client.get(page.redirect_chain[-1][0])

    assert "0 tenants more, 1 tenant fewer" in words_of(page)
    assert f"Went: 1 {park['near']}" in words_of(page)
    form = {"release": Preview.objects.get().pk, "read": version.version, "drift": page.context["drift_mark"]}
    refused = client.post(case(version, "reach"), form, follow=True)
    assert "Other tenants are reached now than in your preview" in words_of(refused)
    client.post(case(version, "reach"), form | {"knowing": "1"})
    made = Release.objects.get()
    assert made.drift["lost"] == [park["near"].pk]
    shown = client.get(reverse("admin:policies_release_change", args=[made.pk]))
    assert f"1 tenant fewer Went: {park['near']}" in words_of(shown)


def test_an_officer_may_look_but_not_release(client, park):
    client.force_login(make_officer())
    version = make_version(rule=rule(staff_at_least(10)))

    page = client.post(case(version, "reach"), follow=True)

    assert "Release and tell" not in words_of(page)
    client.post(case(version, "reach"), {"release": Preview.objects.get().pk})
    assert not Release.objects.exists()


def test_who_has_no_duty_for_it_sees_neither_reach_nor_policies(client):
    version = make_version()
    client.force_login(make_owner(make_company()))

    assert client.get(case(version, "reach")).status_code in (302, 403)


def test_reading_a_preview_costs_the_same_for_one_tenant_and_for_many(client, django_assert_max_num_queries):
    client.force_login(make_manager())
    version = make_version(rule=rule(staff_at_least(1)))
    for _ in range(4):
        know(make_company(), {HEADCOUNT: 5})
    page = client.post(case(version, "reach"), follow=True).redirect_chain[-1][0]

    with django_assert_max_num_queries(16):
        client.get(page)


def test_the_release_page_counts_what_was_read_and_sent(client, park, django_capture_on_commit_callbacks):
    manager = make_manager()
    client.force_login(manager)
    with django_capture_on_commit_callbacks(execute=True):
        made = release(make_version(rule=rule(staff_at_least(10))), by=manager)

    page = words_of(client.get(reverse("admin:policies_release_change", args=[made.pk])))

    assert "Nothing: the same tenants." in page


def test_policies_are_never_deleted(client):
    client.force_login(make_manager())
    policy = make_policy()

    assert client.post(reverse("admin:policies_policy_delete", args=[policy.pk]), {"post": "yes"}).status_code == 403
    assert Policy.objects.filter(pk=policy.pk).exists()
