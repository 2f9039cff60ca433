"""Questions as data: every type, what is asked after which answer, repeated entries; page and server by one rule."""

import copy
import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from incubation.intake.definition import Definition
from incubation.intake.progress import Draft
from incubation.intake.questionnaire import TaskForm, rearranged
from incubation.intake.questions import in_rows
from tests.factories.intake import fill, form_in_use, make_call, make_draft, make_version, posted

pytestmark = pytest.mark.django_db


def rule(fact, op, *value, **more):
    return {"version": 1, "all": [{"fact": fact, "op": op, **({"value": value[0]} if value else {}), **more}]}


def question(key, type_="text", **more):
    return {"key": key, "type": type_, "label_en": key.capitalize(), "label_zh": key, **more}


def form_of(*fields, **more):
    task = {"key": "t", "label_en": "T", "label_zh": "T", "fields": list(fields), **more}
    return Definition({"parts": [{"key": "p", "label_en": "P", "label_zh": "P", "tasks": [task]}]})


def filled(definition, others=None, **answers) -> TaskForm:
    form = TaskForm(definition.task("t"), posted(answers), others)
    form.is_valid()
    return form


# --- Types ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("type_", "typed", "kept", "said"),
    [
        ("text", {"q": " Optics "}, "Optics", "Optics"),
        ("long_text", {"q": "Two\nlines"}, "Two\nlines", "Two\nlines"),
        ("person_name", {"q": "Zhao Ming"}, "Zhao Ming", "Zhao Ming"),
        ("email", {"q": "a@b.example"}, "a@b.example", "a@b.example"),
        ("phone", {"q": "+49 30 123456"}, "+49 30 123456", "+49 30 123456"),
        ("web", {"q": "lumen.example/a"}, "https://lumen.example/a", "https://lumen.example/a"),
        ("yes_no", {"q": "no"}, "no", "No"),
        ("country", {"q": "DEU"}, "DEU", "Germany"),
        ("nationality", {"q": "CHN"}, "CHN", "China"),
        ("day", {"q_day": "9", "q_month": "4", "q_year": "1988"}, "1988-04-09", "9 April 1988"),
        ("month", {"q_month": "4", "q_year": "1988"}, "1988-04-01", "Apr 1988"),
        ("whole_number", {"q": "1200"}, 1200, "1,200"),
        ("decimal", {"q": "12.5"}, "12.5", "12.5"),
        ("money", {"q": "1500000"}, "1500000", "CN¥1.5 million"),
    ],
)
def test_an_answer_of_each_type_is_kept_and_said(type_, typed, kept, said):
    definition = form_of(question("q", type_))

    form = filled(definition, **typed)

    assert form.errors == {}
    assert form.answers() == {"q": kept}
    assert in_rows(definition.task("t"), form.answers()) == [{"label": "Q", "value": said}]


@pytest.mark.parametrize(
    ("type_", "typed"),
    [
        ("email", "a@"), ("phone", "call me"), ("web", "no address"), ("yes_no", "perhaps"), ("country", "CHN"),
        ("nationality", "HKG"), ("whole_number", "1.5"), ("decimal", "much"), ("money", "1.234"),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_the_type_is_refused_with_a_sentence(type_, typed):
    form = filled(form_of(question("q", type_)), q=typed)

    assert len(form.errors["q"]) == 1


# --- Conditions -------------------------------------------------------------------------------------------------------
CHOICES = [{"value": value, "label_en": value, "label_zh": value} for value in ("a", "b", "c")]


@pytest.mark.parametrize(
    ("type_", "when", "answer", "shown"),
    [
        ("choice", ("eq", "a"), {"q": "a"}, True), ("choice", ("eq", "a"), {"q": "b"}, False),
        ("choice", ("in", ["a", "b"]), {"q": "b"}, True), ("choice", ("not_in", ["a", "b"]), {"q": "b"}, False),
        ("choice", ("ne", "a"), {}, False),  # what is not known shows nothing
        ("yes_no", ("is_true",), {"q": "yes"}, True), ("yes_no", ("is_true",), {"q": "no"}, False),
        ("yes_no", ("is_false",), {}, False),
        ("nationality", ("ne", "CHN"), {"q": "DEU"}, True), ("nationality", ("ne", "CHN"), {"q": "CHN"}, False),
        ("country", ("in", ["DEU"]), {"q": "DEU"}, True),
        ("whole_number", ("gte", 3), {"q": "3"}, True), ("whole_number", ("gte", 3), {"q": "2"}, False),
        ("decimal", ("lt", 2.5), {"q": "2.4"}, True), ("money", ("gt", 100000), {"q": "100000"}, False),
        ("day", ("gte", "2026-01-01"), {"q_day": "1", "q_month": "1", "q_year": "2026"}, True),
        ("month", ("lt", "2026-01-01"), {"q_month": "1", "q_year": "2026"}, False),
    ],
)  # fmt: skip
def test_a_question_follows_from_an_answer_before_it(type_, when, answer, shown):
    first = question("q", type_, required=False, **({"choices": CHOICES} if type_ == "choice" else {}))
    definition = form_of(first, question("next", when=rule("t.q", *when)))

    form = filled(definition, **answer)

    assert ("next" in form.errors, "next" in form.shown) == (shown, shown)


def test_one_of_several_choices_can_be_asked_for():
    definition = form_of(
        question("q", "choices", choices=CHOICES), question("next", when=rule("t.q.b", "is_true")),
    )  # fmt: skip

    assert "next" in filled(definition, q=["a", "b"]).errors
    assert filled(definition, q=["a"]).errors == {}


def test_an_answer_to_a_question_that_is_not_asked_does_not_count():
    definition = form_of(
        question("q", "yes_no"),
        question("second", "yes_no", when=rule("t.q", "is_true")),
        question("third", when=rule("t.second", "is_true")),
    )

    form = filled(definition, q="no", second="yes", third="left over")

    assert form.errors == {}
    assert form.answers() == {"q": "no"}


def test_a_question_can_follow_from_what_the_profile_knows():
    definition = form_of(question("q", when=rule("person.months_abroad", "lt", 12)))

    assert "q" in filled(definition, {"person.months_abroad": 6}).errors
    assert filled(definition, {"person.months_abroad": 30}).errors == {}
    assert filled(definition).errors == {}


def test_a_question_that_only_just_came_up_is_announced_and_not_called_forgotten():
    definition = form_of(question("q", "yes_no"), question("next", when=rule("t.q", "is_true")))

    assert filled(definition, q="yes", asked="").errors["next"] == ["Your answers bring one more question: Next"]
    assert filled(definition, q="yes", asked="next").errors["next"] == ["Fill this in: Next."]


# --- Repeated entries -------------------------------------------------------------------------------------------------
def team(**more):
    fields = [
        question("name"), question("abroad", "yes_no"),
        question("since", "month", when=rule("t.team.abroad", "is_true")),
    ]  # fmt: skip
    return question("team", "entries", min=1, max=3, entry_en="Member", entry_zh="成员", fields=fields, **more)


ONE = {"team-0-name": "Li Wen", "team-0-abroad": "yes", "team-0-since_month": "4", "team-0-since_year": "2024"}
TWO = {"team-1-name": "Wu Min", "team-1-abroad": "no"}


def test_each_entry_is_judged_by_its_own_answers():
    form = filled(form_of(team()), **{"team-count": "2"} | ONE | TWO)

    assert form.errors == {}
    assert form.answers() == {
        "team": [{"name": "Li Wen", "abroad": "yes", "since": "2024-04-01"}, {"name": "Wu Min", "abroad": "no"}]
    }
    assert [row["label"] for row in in_rows(form.task, form.answers())] == ["Member 1", "Member 2"]


def test_what_an_entry_lacks_is_said_at_that_entry():
    form = filled(form_of(team()), **{"team-count": "2"} | ONE)

    assert sorted(form.errors) == ["team-1-abroad", "team-1-name"]


@pytest.mark.parametrize(("typed", "entries"), [("0", 1), ("2", 2), ("99", 3), ("-4", 1), ("many", 1), ("", 1)])
def test_there_are_never_fewer_entries_nor_more_than_the_form_says(typed, entries):
    form = filled(form_of(team()), **{"team-count": typed})

    assert form.entries(form.task.fields[0]) == entries


def test_a_button_adds_an_entry_and_takes_the_right_one_out():
    task = form_of(team()).task("t")
    data = posted({"team-count": "2"} | ONE | TWO)

    more = rearranged(task, posted(data.dict() | {"add": "team"}))
    fewer = rearranged(task, posted(data.dict() | {"remove": "team-0"}))

    assert TaskForm(task, more).entries(task.fields[0]) == 3
    assert filled(form_of(team()), **fewer.dict()).answers() == {"team": [{"name": "Wu Min", "abroad": "no"}]}
    assert rearranged(task, data) is None
    assert rearranged(task, posted({"add": "no-such"})) is None


def test_how_many_entries_there_are_decides_too():
    definition = form_of(team(), question("plan", when=rule("t.team", "gte", 2)))

    assert "plan" not in filled(definition, **{"team-count": "1"}).asked
    assert "plan" in filled(definition, **{"team-count": "2"}).asked


# --- The form of the park ---------------------------------------------------------------------------------------------
def needed(application) -> set[str]:
    draft = Draft.of(application)
    return {paper.key for paper in draft.missing_papers(draft.definition.task("papers"))}


@pytest.mark.parametrize(
    ("answers", "papers"),
    [
        ({}, set()),
        ({"personal": {"nationality": "DEU", "foreign_chinese": "no"}}, {"passport"}),
        ({"degree": {"degree_abroad": "no"}}, {"abroad_proof"}),
        ({"technology": {"ip_owner": "shared"}}, {"ip_statement"}),
        ({"standing": {"stage": "enterprise_pre", "legal_form": "company_here"}}, {"business_licence"}),
        ({"standing": {"stage": "startup", "legal_form": "partnership_here"}}, {"business_licence"}),
        ({"standing": {"stage": "startup", "legal_form": "company_here"}}, {"business_licence", "articles"}),
        ({"standing": {"stage": "growth", "legal_form": "company_abroad"}}, {"accounts"}),
        ({"standing": {"stage": "growth", "legal_form": "none"}}, set()),
    ],
)  # fmt: skip
def test_papers_are_asked_for_by_stage_nationality_and_legal_form(answers, papers):
    company = {"company": "Lumen", "registered_on_month": "4", "registered_on_year": "2025"}
    answers = {key: each | (company if key == "standing" else {}) for key, each in answers.items()}

    assert needed(make_draft(filled=True, **answers)) == papers


def test_values_are_counted_as_what_they_are():
    application = make_draft(filled=True)

    values = Draft.of(application).values

    assert (values["money.need"], values["personal.born_on"]) == (Decimal(1500000), dt.date(1988, 4, 9))
    assert (values["needs.services.desk"], values["needs.services.ip"]) == (True, False)
    assert values["person.nationality"] == "CHN"


# --- The page ---------------------------------------------------------------------------------------------------------
def page(client, application, name, task):
    client.force_login(application.talent.user)
    return reverse(f"intake:{name}", args=[application.ref, task])


def test_the_page_shows_a_question_only_once_it_is_asked(client):
    application = make_draft()
    url = page(client, application, "task", "standing")

    assert 'name="company"' not in client.get(url).text
    fill(application, "standing", {"stage": "startup", "legal_form": "company_here"}, checked=False)
    text = client.get(url).text
    assert 'name="company"' in text
    assert "(optional)" not in text


def test_a_changed_answer_brings_the_question_up_at_once_and_keeps_nothing(client):
    application = make_draft()
    url = page(client, application, "questions", "standing")

    answer = client.post(url, {"legal_form": "company_here"})

    application.refresh_from_db()
    assert 'name="company"' in answer.text and 'hx-swap-oob="true"' in answer.text
    assert "standing" not in application.answers


def test_an_entry_is_added_without_scripts_and_with_them(client):
    application = make_draft()
    typed = {"team_size": "3", "version": "0", "edit": "one-page", "members-count": "0", "add": "members"}

    plain = client.post(page(client, application, "task", "people"), typed)
    assert plain.url.endswith("#entry-members-last")
    assert 'name="members-0-name"' in client.get(plain.url).text
    part = client.post(page(client, application, "questions", "people"), typed | {"members-count": "1"})

    application.refresh_from_db()
    assert 'name="members-1-name"' in part.text and "autofocus" in part.text
    assert application.answers["people"]["raw"]["members-count"] == ["2"]
    assert application.answers["people"]["raw"]["team_size"] == ["3"]


def test_an_entry_is_taken_out_and_what_the_others_say_stays(client):
    application = make_draft()
    typed = {"members-count": "2", "members-0-name": "Li Wen", "members-1-name": "Wu Min", "remove": "members-0"}

    client.post(page(client, application, "task", "people"), typed)

    application.refresh_from_db()
    raw = application.answers["people"]["raw"]
    assert (raw["members-count"], raw["members-0-name"]) == (["1"], ["Wu Min"])


def test_what_is_wrong_in_an_entry_is_in_the_summary_on_top(client):
    application = make_draft()
    typed = {"members-count": "1", "members-0-name": "", "continue": "1"}

    answer = client.post(page(client, application, "task", "people"), typed)

    assert answer.status_code == 422
    assert 'href="#id_members-0-name"' in answer.text


def test_a_task_that_is_not_asked_does_not_exist(client):
    definition = copy.deepcopy(form_in_use().definition)
    task = next(task for part in definition["parts"] for task in part["tasks"] if task["key"] == "market")
    task["when"] = rule("standing.stage", "ne", "project_pre")
    make_version("published", definition=definition)
    application = make_draft()

    assert "market" not in {state.task.key for state in Draft.of(application).states}
    assert client.get(page(client, application, "task", "market")).status_code == 404
    fill(application, "standing", {"stage": "growth", "legal_form": "none"})
    assert client.get(page(client, application, "task", "market")).status_code == 200


def test_a_call_offers_its_own_stages_only():
    application = make_draft()
    application.call = make_call(stages=["startup", "growth"])

    stages = Draft(application).form(Draft(application).definition.task("standing")).fields["stage"].choices

    assert [value for value, _label in stages] == ["startup", "growth"]
