"""The editor of forms in the staff area: outline, entries, conditions, preview, comparison. No raw data needed."""

import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incubation.intake.definition import Definition
from incubation.intake.models import FormVersion
from tests.factories.accounts import make_staff, make_user
from tests.factories.intake import form_in_use, make_publisher, make_version, make_writer

pytestmark = pytest.mark.django_db


def address(page: str, version, *more) -> str:
    return reverse(f"admin:intake_formversion_{page}", args=[version.pk, *more])


@pytest.fixture
def draft(client):
    """A draft of the second version, and a writer who is signed in."""
    writer = make_writer()
    client.force_login(writer)
    return make_version(by=writer)


def written(version, path: str = ""):
    version.refresh_from_db()
    return Definition(version.definition).entry(path)


def entry(version, **words) -> dict:
    return {"version": version.version, "label_en": "How many rooms?", "label_zh": "需要几间？"} | words


def test_the_outline_shows_everything_in_words(client, draft):
    text = client.get(address("change", draft)).text

    assert "Who owns the intellectual property?" in text
    assert "Needed if: Who owns the intellectual property: A university or an employer or We own it together" in text
    assert "Everything in this version can work." in text


def test_a_question_is_added_step_by_step(client, draft):
    url = address("add_entry", draft, "plan.needs")

    assert "Choice of several" in client.get(url).text
    assert "At least" in client.get(f"{url}?type=whole_number").text
    answer = client.post(f"{url}?type=whole_number", entry(draft, min="1", max="40", required="on"))

    added = written(draft, "plan.needs.how_many_rooms")
    assert answer.url == f"{address('change', draft)}#plan.needs.how_many_rooms"
    assert (added.type, added.required, added.data["max"], added.label) == ("whole_number", True, 40, "How many rooms?")


def test_choices_are_written_line_by_line(client, draft):
    url = f"{address('add_entry', draft, 'plan.needs')}?type=choice"

    refused = client.post(url, entry(draft, choices="a | One"))
    client.post(url, entry(draft, choices="a | One | 一\nb | Two | 二"))

    assert refused.status_code == 422 and "Line 1: write key | English | Chinese." in refused.text
    assert written(draft, "plan.needs.how_many_rooms").choices == [("a", "One"), ("b", "Two")]


def test_what_cannot_work_is_refused_on_the_page_and_what_was_typed_stays(client, draft):
    url = f"{address('add_entry', draft, 'plan.needs')}?type=choice"

    answer = client.post(url, entry(draft, label_zh="房间"))

    assert answer.status_code == 422
    assert "there is nothing to choose from" in answer.text
    assert 'value="房间"' in answer.text


@pytest.mark.parametrize("missing", ["label_en", "label_zh"])
def test_a_question_needs_its_words_in_both_languages(client, draft, missing):
    url = f"{address('add_entry', draft, 'plan.needs')}?type=text"

    assert client.post(url, entry(draft, **{missing: ""})).status_code == 422


def test_repeated_entries_get_their_questions(client, draft):
    client.post(f"{address('add_entry', draft, 'plan.needs')}?type=entries", entry(draft, key="rooms", max="5"))
    draft.refresh_from_db()
    url = address("add_entry", draft, "plan.needs.rooms")
    assert "Repeated entries" not in client.get(url).text
    client.post(f"{url}?type=whole_number", entry(draft, key="size"))

    assert [each.name for each in written(draft, "plan.needs.rooms").fields] == ["needs.rooms.size"]


def test_a_part_a_task_and_a_paper_are_added(client, draft):
    client.post(address("add_entry", draft, "form"), entry(draft, key="extra"))
    draft.refresh_from_db()
    client.post(address("add_entry", draft, "extra"), entry(draft, key="proofs", kind="papers"))
    draft.refresh_from_db()
    client.post(address("add_entry", draft, "extra.proofs"), entry(draft, key="lease", kind="other", required="on"))

    assert written(draft, "extra.proofs.lease").is_required({})


def test_a_changed_key_is_followed_by_the_conditions(client, draft):
    url = address("entry", draft, "project.technology.ip_owner")
    data = written(draft, "project.technology.ip_owner").data
    choices = "\n".join(f"{each['value']}|{each['label_en']}|{each['label_zh']}" for each in data["choices"])
    words = {"label_en": data["label_en"], "label_zh": data["label_zh"], "required": "on", "choices": choices}

    answer = client.post(url, words | {"version": draft.version, "key": "owner"})

    assert answer.status_code == 302
    paper = written(draft, "papers.papers.ip_statement")
    assert paper.data["required_when"]["all"][0]["fact"] == "technology.owner"


def test_an_entry_moves_up_and_is_taken_out(client, draft):
    url = address("arrange", draft)
    client.post(url, {"place": "you.degree", "act": "up", "version": draft.version})
    draft.refresh_from_db()
    client.post(url, {"place": "plan.people.members", "act": "remove", "version": draft.version})

    assert [task.key for task in written(draft, "you").tasks] == ["personal", "degree", "abroad"]
    assert written(draft, "plan.people.members") is None


def test_a_question_that_others_depend_on_is_not_taken_out(client, draft):
    answer = client.post(
        address("arrange", draft),
        {"place": "project.technology.ip_owner", "act": "remove", "version": draft.version},
        follow=True,
    )

    assert "which this form does not ask" in answer.text
    assert written(draft, "project.technology.ip_owner") is not None


def test_a_task_goes_to_another_part(client, draft):
    data = written(draft, "plan.needs").data
    words = {name: data[name] for name in data if name[-3:] in {"_en", "_zh"}}

    words |= {"version": draft.version, "key": "needs", "part": "you"}
    client.post(address("entry", draft, "plan.needs"), words)

    assert [task.key for task in written(draft, "you").tasks][-1] == "needs"


# --- Conditions -------------------------------------------------------------------------------------------------------
def test_a_condition_is_put_together_from_what_comes_before(client, draft):
    url = address("conditions", draft, "project.market.rivals", "when")
    offered = client.get(url).text
    assert 'value="standing.stage"' in offered and 'value="person.months_abroad"' in offered
    assert 'value="money.need"' not in offered

    client.post(f"{url}?fact=standing.stage", {"op": "in", "value": ["growth", "startup"], "version": draft.version})
    draft.refresh_from_db()
    client.post(f"{url}?fact=technology.patents_granted", {"op": "gte", "value": "2", "version": draft.version})

    assert written(draft, "project.market.rivals").data["when"] == {
        "version": 1,
        "all": [
            {"fact": "standing.stage", "op": "in", "value": ["growth", "startup"]},
            {"fact": "technology.patents_granted", "op": "gte", "value": 2},
        ],
    }
    assert "Which stage do you apply for: Growth or Start-up incubation" in client.get(url).text


def test_one_of_several_conditions_can_be_enough_and_one_is_taken_out(client, draft):
    url = address("conditions", draft, "papers.papers.articles", "needed")

    client.post(url, {"join": "any", "version": draft.version})
    assert list(written(draft, "papers.papers.articles").data["required_when"]).count("any") == 1
    client.post(url, {"join": "any", "remove": "0", "version": draft.version})

    assert len(written(draft, "papers.papers.articles").data["required_when"]["any"]) == 1


def test_a_condition_nobody_can_meet_is_refused_with_the_reason(client, draft):
    url = address("conditions", draft, "project.standing.company", "when")

    answer = client.post(f"{url}?fact=personal.nationality", {"op": "in", "value": "XXX", "version": draft.version})
    beside = client.post(
        f"{address('conditions', draft, 'project.standing.registered_on', 'when')}?fact=standing.legal_form",
        {"op": "in", "value": ["none"], "version": draft.version},
    )

    assert answer.status_code == beside.status_code == 422
    assert "cannot work" in beside.text


# --- Whose it is ------------------------------------------------------------------------------------------------------
PAGES = [
    ("add_entry", "form"), ("entry", "you"), ("conditions", "you.degree", "when"), ("take_in",),
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_what_is_in_use_cannot_be_changed_and_nobody_without_the_duty_gets_in(client, page):
    used, draft = form_in_use(), make_version()

    client.force_login(make_writer())
    assert client.get(address(page[0], used, *page[1:])).status_code == 403
    assert client.get(address(page[0], draft, *page[1:])).status_code == 200
    client.force_login(make_staff("intake.view_formversion"))
    assert client.get(address(page[0], draft, *page[1:])).status_code == 403
    client.force_login(make_user())
    assert client.get(address(page[0], draft, *page[1:])).status_code in {302, 403}


def test_a_draft_goes_its_way_over_the_pages(client, draft):
    client.post(address("change", draft).replace("change/", "send/"), {"version": draft.version})
    draft.refresh_from_db()
    client.force_login(make_publisher())
    client.post(address("change", draft).replace("change/", "publish/"), {"version": draft.version})

    draft.refresh_from_db()
    assert (draft.state, FormVersion.objects.get(number=1).state) == ("published", "retired")


def test_looking_at_the_page_for_a_new_version_begins_none(client):
    used = form_in_use()
    client.force_login(make_writer())
    url = address("change", used).replace("change/", "next/")

    assert client.get(url).status_code == 200
    assert FormVersion.objects.count() == 1
    client.post(url)

    copy = FormVersion.objects.get(number=2)
    assert (copy.state, copy.definition) == ("draft", used.definition)


def test_a_new_form_begins_with_an_empty_draft(client):
    client.force_login(make_writer())
    names = {"form": "", "name_en": "Growth", "name_zh": "成长期", "slug": "growth"}

    client.post(reverse("admin:intake_formversion_add"), names | {"slug": "place"})
    client.post(reverse("admin:intake_formversion_add"), names)

    version = FormVersion.objects.get(form__slug="growth")
    assert (version.number, version.definition) == (1, {"parts": []})


# --- Data, preview, comparison ----------------------------------------------------------------------------------------
def test_a_form_goes_out_as_data_and_comes_back(client, draft):
    data = client.get(address("export", draft)).content

    answer = client.post(address("take_in", draft), {"file": io.BytesIO(data), "version": draft.version})

    assert answer.url == address("change", draft)
    assert written(draft, "you.personal.name") is not None


DEEP = b'{"parts": ' + b'[{"key": "p", "when": ' * 900 + b"1" + b"}]" * 900 + b"}"
NO_FORMS = [
    b"\xff", b"[", b"[]", json.dumps({"parts": [{"key": "p"}]}).encode(), b'{"parts": [], "x": NaN}', DEEP,
    b'{"parts": [{"key": "p", "label_en": "\\u0000", "label_zh": "P", "tasks": []}]}',
]  # fmt: skip


@pytest.mark.parametrize("data", NO_FORMS)
def test_data_that_is_no_form_is_refused(client, draft, data):
    before = draft.definition

    answer = client.post(address("take_in", draft), {"file": io.BytesIO(data), "version": draft.version})

    draft.refresh_from_db()
    assert (answer.status_code, draft.definition) == (422, before)


def test_the_preview_asks_as_the_portal_does_and_keeps_nothing(client, draft):
    url = address("preview_task", draft, "standing")
    assert 'name="company"' not in client.get(url).text

    answer = client.post(url, {"stage": "startup", "legal_form": "company_here"})

    assert answer.status_code == 422 and 'name="company"' in answer.text
    assert "在中国内地注册的公司" in client.get(f"{url}?language=zh-hans").text
    assert client.get(address("preview", draft)).status_code == 200


def test_two_versions_are_told_apart_in_words(client, draft):
    url = f"{address('add_entry', draft, 'plan.needs')}?type=whole_number"
    client.post(url, entry(draft, key="rooms"))
    draft.refresh_from_db()
    client.post(address("arrange", draft), {"place": "you.degree", "act": "up", "version": draft.version})
    draft.refresh_from_db()
    client.post(address("arrange", draft), {"place": "plan.needs.else", "act": "remove", "version": draft.version})
    draft.refresh_from_db()
    nationality = address("conditions", draft, "project.market.rivals", "when")
    client.post(f"{nationality}?fact=degree.degree_abroad", {"op": "is_true", "version": draft.version})

    text = client.get(address("compare", draft)).text

    assert "New: 1 · taken out: 1 · changed: 1 · moved: 1" in text
    assert "How many rooms?" in text and "Anything else we should know" in text
    assert "Asked if: Yes to “Did you earn it outside mainland China?”" in text
    assert "Market and first customers" not in text


def test_the_list_costs_the_same_for_one_version_and_for_three(client):
    url = reverse("admin:intake_formversion_changelist")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    make_version("published")
    client.force_login(make_writer())
    client.get(url)
    few = cost()
    make_version()
    make_version("in_review")

    assert cost() == few
