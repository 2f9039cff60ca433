"""The tenant's path page, the scorecard, and the staff's desk for tenants, gates and terms."""

import datetime as dt

import pytest
from django.urls import reverse

from incubation.facts import wide_row
from incubation.journey import actions, judging
from incubation.journey.models import GateTerms
from incubation.journey.stages import Stage
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.facts import know
from tests.factories.files import pdf_bytes, upload
from tests.factories.journey import make_gate, make_manager, make_officer, make_ready, make_tenant
from tests.factories.organisations import make_membership

pytestmark = pytest.mark.django_db


def page_of(tenant) -> str:
    return reverse("journey:path", args=[tenant.organisation.slug])


# --- The tenant's path page -------------------------------------------------------------------------------------------
def test_the_path_page_says_what_the_gate_asks_condition_by_condition(client):
    tenant = make_tenant()
    know(tenant, {"project.team_size": 1, "project.plan_accepted": True})
    client.force_login(tenant.talent.user)

    page = client.get(page_of(tenant)).context

    found = {criterion["rule"]: (criterion["state"], str(criterion["source"])) for criterion in page["criteria"]}
    assert list(found.values()) == [
        ("not_met", "staff"), ("unknown", ""), ("met", "staff"), ("unknown", ""), ("met", "park_record"),
    ]  # fmt: skip
    assert (page["met"], page["asked"]) == (2, 5)
    assert page["criteria"][1]["fix"]["url"].endswith(f"?next={page_of(tenant)}")
    assert [paper["state"] for paper in page["papers"]] == ["missing", "missing", "missing"]
    assert page["behind"]["name"] == "Enterprise pre-incubation"


def test_a_tenant_shows_its_papers_asks_for_the_gate_and_takes_it_back(client):
    tenant = make_tenant()
    client.force_login(tenant.talent.user)
    today = wide_row.today()
    date = {"issued_on_day": today.day, "issued_on_month": today.month, "issued_on_year": today.year}

    early = client.post(page_of(tenant), {"act": "ask"})
    for key in ("project_sheet", "ip_statement"):
        file = upload(f"{key}.pdf", pdf_bytes(key))
        assert client.post(page_of(tenant), {"act": "paper", "key": key, "file": file} | date).status_code == 302
    asked = client.post(page_of(tenant), {"act": "ask", "note": "We are ready."})
    page = client.get(page_of(tenant))

    assert (early.status_code, asked.status_code) == (409, 302)
    assert "Papers are missing" in early.text
    gate = tenant.gates.get()
    assert (gate.state, gate.note, gate.evidence.count()) == ("requested", "We are ready.", 2)
    assert "An officer checks what you have shown." in page.text
    client.post(page_of(tenant), {"act": "withdraw"})
    gate.refresh_from_db()
    assert gate.state == "withdrawn"


def test_a_paper_that_will_not_do_is_refused_in_words_and_nothing_is_kept(client):
    tenant = make_tenant()
    client.force_login(tenant.talent.user)
    file = upload("plan.exe", b"MZ not a paper")
    date = {"issued_on_day": 1, "issued_on_month": 9, "issued_on_year": 2026}

    wrong = client.post(page_of(tenant), {"act": "paper", "key": "project_sheet", "file": file} | date)
    missing = client.post(page_of(tenant), {"act": "paper", "key": "project_sheet"})

    assert (wrong.status_code, missing.status_code, tenant.evidence.count()) == (422, 422, 0)
    assert "Choose a file." in missing.text


def test_milestones_are_added_and_reached_on_the_page(client):
    tenant = make_tenant()
    client.force_login(tenant.talent.user)

    client.post(page_of(tenant), {"act": "milestone", "name": "Lab bench works"})
    milestone = tenant.milestones.get(name_en="Lab bench works")
    client.post(page_of(tenant), {"act": "reach", "milestone": milestone.pk})
    empty = client.post(page_of(tenant), {"act": "milestone", "name": ""})

    milestone.refresh_from_db()
    assert (milestone.reached_on, empty.status_code) == (wide_row.today(), 422)


def test_the_path_of_another_is_not_there_and_members_and_staff_only_look(client):
    tenant, strange = make_tenant(), make_tenant()
    member = make_membership(organisation=tenant.organisation, role="member").user
    for user, status in [(strange.talent.user, 404), (member, 200), (make_staff("journey.view_tenant"), 200)]:
        client.force_login(user)
        assert client.get(page_of(tenant)).status_code == status
        assert client.post(page_of(tenant), {"act": "ask"}).status_code == 404

    assert not tenant.gates.exists()


def test_nobody_of_the_tenant_reads_waivers_or_scores(client):
    gate = make_gate(state="to_decide")
    client.force_login(gate.tenant.talent.user)

    text = client.get(page_of(gate.tenant)).text

    assert "All scores are in." in text
    assert not any(asked.person.name in text for asked in gate.asked.all())
    assert "80" not in text.split("Your gate")[1].split("</section>")[0]


def test_the_path_page_costs_the_same_however_long_the_way(client, django_assert_max_num_queries):
    tenant = make_tenant()
    make_gate(tenant, "withdrawn")
    for n in range(5):
        actions.add_milestone(tenant=tenant, by=tenant.talent.user, name=f"Step {n}")
    client.force_login(tenant.talent.user)
    client.get(page_of(tenant))

    with django_assert_max_num_queries(44):
        client.get(page_of(tenant))


# --- The scorecard ----------------------------------------------------------------------------------------------------
def test_a_scorer_scores_on_the_page_and_reads_the_papers_until_then(client):
    scorer = make_user()
    gate = make_gate(state="in_review", scorers=[scorer, make_user()])
    address, paper = reverse("journey:score", args=[gate.public_id]), gate.evidence.first().document
    client.force_login(scorer)
    marks = {f"score_{line['key']}": 4 for line in gate.terms.scorecard}

    assert client.get(paper.get_absolute_url()).status_code == 200
    part = client.post(address, {"act": "score", "advice": "pass"})
    extreme = client.post(address, marks | {"act": "score", "advice": "pass", "score_team": 5})
    sent = client.post(address, marks | {"act": "score", "advice": "pass"})
    again = client.post(address, marks | {"act": "score", "advice": "hold"})

    assert (part.status_code, extreme.status_code, sent.status_code, again.status_code) == (422, 422, 302, 200)
    assert "needs a comment" in extreme.text
    assert gate.asked.get(person=scorer).total == 80


def test_who_steps_aside_sees_nothing_of_it_any_more(client):
    scorer = make_user()
    gate = make_gate(state="in_review", scorers=[scorer, make_user()])
    address, paper = reverse("journey:score", args=[gate.public_id]), gate.evidence.first().document
    client.force_login(scorer)

    without_reason = client.post(address, {"act": "aside", "interest": ""})
    client.post(address, {"act": "aside", "interest": "My brother works there."})

    assert without_reason.status_code == 422
    assert client.get(address).status_code == 404
    assert client.get(paper.get_absolute_url()).status_code == 404


def test_strangers_and_the_tenant_itself_find_no_scorecard(client):
    gate = make_gate(state="in_review")

    for user in (make_user(), gate.tenant.talent.user, make_manager()):
        client.force_login(user)
        assert client.get(reverse("journey:score", args=[gate.public_id])).status_code == 404


# --- The staff's desk: gates ------------------------------------------------------------------------------------------
def test_officers_check_and_a_manager_decides_in_the_admin(client):
    officer, manager, scorers = make_officer(), make_manager(), [make_user(), make_user()]
    tenant = make_ready(make_tenant())

    client.force_login(officer)
    client.post(f"/admin/journey/tenant/{tenant.pk}/gate/", {"note": "Ready"})
    gate = tenant.gates.get()
    address = f"/admin/journey/gate/{gate.pk}/"
    for scorer in scorers:
        client.post(f"{address}assign/", {"version": version(gate), "email": scorer.email, "role": "expert"})
    client.post(f"{address}check/", {"version": version(gate), "note": ""})
    for scorer in scorers:
        marks = {line["key"]: 3 for line in gate.terms.scorecard}
        gate.refresh_from_db()
        actions.score(gate=gate, by=scorer, scores=marks, advice="conditions")
    client.force_login(manager)
    page = client.get(f"{address}change/")
    data = {"condition_1": "Sign the lease", "due_1": "2099-01-01"}
    wrong = client.post(f"{address}advance-with-conditions/", {"version": version(gate)} | data | {"due_1": ""})
    client.post(f"{address}advance-with-conditions/", {"version": version(gate)} | data)

    gate.refresh_from_db()
    tenant.refresh_from_db()
    assert f"{address}advance/" in page.text and "60.0 of 100 on average" in page.text
    assert (wrong.status_code, gate.state, tenant.stage) == (422, "conditional", Stage.ENTERPRISE_PRE)
    condition = gate.conditions.get()
    met = {"version": version(gate), "condition": condition.pk, "proof": "Lease of 3 March"}
    client.post(f"{address}meet-condition/", met)
    gate.refresh_from_db()
    assert gate.state == "passed"


def version(gate) -> int:
    gate.refresh_from_db()
    return gate.version


def test_a_waiver_is_given_in_the_admin_with_its_reason(client):
    tenant = make_ready(make_tenant())
    know(tenant, {"project.team_size": 1})
    gate = actions.request_gate(tenant=tenant, by=tenant.talent.user)
    client.force_login(make_officer())
    address = f"/admin/journey/gate/{gate.pk}/waive/"

    shown = client.get(address)
    without = client.post(address, {"version": gate.version, "what": "criterion:0", "reason": ""})
    client.post(address, {"version": gate.version, "what": "criterion:0", "reason": "Two join in spring."})

    assert "People in the team" in shown.text and without.status_code == 422
    assert gate.waivers.get().reason == "Two join in spring."


def test_a_stale_page_decides_nothing(client):
    gate = make_gate(state="to_decide")
    client.force_login(make_manager())

    answer = client.post(f"/admin/journey/gate/{gate.pk}/advance/", {"version": version(gate) - 1, "note": ""})

    assert (answer.status_code, gate.state) == (409, "to_decide")


def test_only_acts_that_make_sense_have_a_button(client):
    gate = make_gate(state="to_decide")
    names = ("assign", "waive", "check", "return", "advance", "advance-with-conditions", "hold", "review-plan")

    def buttons(user):
        client.force_login(user)
        text = client.get(f"/admin/journey/gate/{gate.pk}/change/").text
        return [name for name in names if f"/admin/journey/gate/{gate.pk}/{name}/" in text]

    assert buttons(make_manager()) == ["advance", "advance-with-conditions", "hold"]
    assert buttons(make_officer()) == []


@pytest.mark.parametrize("name", ["tenant", "gate", "gateterms", "stagelimit"])
def test_the_lists_cost_the_same_for_one_and_for_three(client, django_assert_max_num_queries, name):
    for _ in range(3):
        make_gate()
    client.force_login(make_administrator())
    client.get(f"/admin/journey/{name}/")

    with django_assert_max_num_queries(14):
        assert client.get(f"/admin/journey/{name}/").status_code == 200


# --- The staff's desk: tenants ----------------------------------------------------------------------------------------
def test_a_tenant_is_suspended_extended_and_let_go_in_the_admin(client):
    tenant, first, second = make_tenant(stage_due=wide_row.today()), make_manager(), make_manager()
    address = f"/admin/journey/tenant/{tenant.pk}/"

    def press(act, **data):
        tenant.refresh_from_db()
        answer = client.post(f"{address}{act}/", {"version": tenant.version} | data)
        assert answer.status_code == 302, answer.text
        tenant.refresh_from_db()

    client.force_login(first)
    later = wide_row.today() + dt.timedelta(days=30)
    press("extend", due=later.isoformat(), note="Trials take longer.")
    assert tenant.stage_due == later
    press("suspend", cause="arrears", effect="No rent relief.", note="Rent unpaid.")
    press("resume", note="")
    press("announce-exit", kind="moved", leaves_on=wide_row.today().isoformat(), note="To Shanghai.")
    press("hand-over", items=[item.item for item in actions.announced(tenant).items.all()])
    client.force_login(second)
    press("exit", survival="goes_on", note="")
    assert tenant.state == "exited"


def test_a_project_becomes_a_company_on_its_page(client):
    tenant = make_tenant(stage=Stage.ENTERPRISE_PRE)
    rights = ("journey.view_tenant", "journey.change_tenant", "registry.add_enterprise")
    client.force_login(make_staff(*rights))
    address = f"/admin/journey/tenant/{tenant.pk}/company/"
    data = {
        "name_en": "Helix Loom", "name_zh_hans": "螺旋织机", "credit_code": "91229900MADEM00240",
        "registered_on": "2026-11-02", "sector": "biomedicine", "zone": "CCGX", "share": "60",
    }  # fmt: skip

    wrong = client.post(address, data | {"credit_code": "91229900MADEM00241"})
    right = client.post(address, data)
    again = client.post(address, data)

    tenant.refresh_from_db()
    assert (wrong.status_code, right.status_code, again.status_code) == (422, 302, 422)
    assert tenant.enterprise.founders.get().share == 60
    assert (tenant.organisation.kind, tenant.organisation.name) == ("enterprise", "Helix Loom")


def test_a_manager_without_the_right_enters_no_company(client):
    tenant = make_tenant()
    client.force_login(make_manager())

    assert client.get(f"/admin/journey/tenant/{tenant.pk}/company/").status_code == 404


def test_an_act_is_never_done_by_looking_at_its_page(client):
    tenant = make_ready(make_tenant())
    client.force_login(make_manager())

    pages = [client.get(f"/admin/journey/tenant/{tenant.pk}/{act}/") for act in ("gate", "suspend", "announce-exit")]

    tenant.refresh_from_db()
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert (tenant.gates.count(), tenant.state, tenant.exits.count()) == (0, "active", 0)


# --- The staff's desk: terms ------------------------------------------------------------------------------------------
def wording(terms: GateTerms, **changes) -> dict:
    import json

    names = ("criteria", "evidence", "scorecard")
    data = {name: json.dumps(getattr(terms, name)) for name in names}
    numbers = ("scorers", "pass_mark", "extensions", "extension_months", "retry_days", "notes_en", "notes_zh_hans")
    return data | {name: getattr(terms, name) for name in numbers} | {"stage": terms.stage} | changes


def test_terms_are_drafted_rewritten_compared_and_put_into_use_in_the_admin(client):
    make_tenant()
    first, second = make_manager(), make_manager()
    terms = judging.terms_for(Stage.GROWTH)
    client.force_login(first)

    light = '[{"key": "a", "en": "A", "zh": "甲", "weight": 90}]'

    broken = client.post("/admin/journey/gateterms/add/", wording(terms, scorecard=light))
    client.post("/admin/journey/gateterms/add/", wording(terms, pass_mark=70))
    draft = GateTerms.objects.get(stage=Stage.GROWTH, state="draft")
    address = f"/admin/journey/gateterms/{draft.pk}/"
    inline = "workflow-transitionlog-content_type-object_id"
    forms = {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    client.post(f"{address}change/", wording(draft, pass_mark=75, read=draft.version) | forms)
    beside = client.get(f"{address}beside/")
    client.force_login(second)
    draft.refresh_from_db()
    client.post(f"{address}publish/", {"version": draft.version, "note": ""})

    assert broken.status_code == 200 and "make 100" in broken.text
    assert "<del>mark to pass, of 100: 60</del>" in beside.text
    assert "<ins>mark to pass, of 100: 75</ins>" in beside.text
    assert judging.terms_for(Stage.GROWTH) == draft
    assert client.get(f"{address}change/").status_code == 200
