"""Versions of a form: written, looked through by a second person, in use, out of use; the database keeps its word."""

import copy
import importlib

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from incubation.intake import actions
from incubation.intake.actions import forming
from incubation.intake.form_states import MACHINE
from incubation.intake.models import Application, ApplicationForm, FormVersion
from park.workflow.actions import GuardFailed, MoveRefused, NotInTable, NotYours, SecondPersonNeeded, Stale
from tests.factories.accounts import make_user
from tests.factories.intake import (
    form_in_use,
    make_application,
    make_call,
    make_draft,
    make_officer,
    make_publisher,
    make_version,
    make_writer,
)
from tests.factories.profiles import make_talent
from tests.incubation.test_intake_questions import question, rule
from tests.park.machine_checks import refused_pairs, try_refused_pair

pytestmark = pytest.mark.django_db


def with_question(definition: dict, **more) -> dict:
    changed = copy.deepcopy(definition)
    changed["parts"][1]["tasks"][1]["fields"].append(question(more.pop("key", "extra"), required=False, **more))
    return changed


# --- The table --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("origin", "name"), refused_pairs(MACHINE))
def test_a_move_that_the_table_does_not_list_is_refused(origin, name):
    try_refused_pair(MACHINE, make_version(origin), name, by=make_writer())


def test_the_way_of_a_version_is_in_its_history():
    version = make_version("published")

    moves = version_moves(version)

    assert moves == ["draft", "send", "publish"]


def version_moves(version) -> list[str]:
    history = forming.TransitionLog.objects.of(version).made().order_by("pk")
    return list(history.values_list("move", flat=True))


@pytest.mark.parametrize("make", [make_user, make_officer])
def test_nobody_without_the_duty_writes_a_form(make):
    version = make_version()

    with pytest.raises(NotYours):
        forming.write(form=version, definition=version.definition, by=make())
    with pytest.raises(NotYours):
        forming.start_version(form=version.form, by=make())


def test_a_writer_does_not_put_into_use():
    version = make_version("in_review")

    with pytest.raises(NotYours):
        forming.publish(form=version, by=make_writer())


def test_whoever_wrote_in_a_version_does_not_put_it_into_use_even_if_another_wrote_later():
    first, second = make_publisher(), make_writer()
    version = make_version(by=first)
    forming.write(form=version, definition=with_question(version.definition), by=first)
    forming.write(form=version, definition=with_question(version.definition, key="more"), by=second)
    forming.send(form=version, by=second)

    with pytest.raises(SecondPersonNeeded):
        forming.publish(form=version, by=first)

    assert FormVersion.objects.in_use(version.form).number == 1


# --- Writing ----------------------------------------------------------------------------------------------------------
def test_a_change_that_cannot_work_is_refused_and_says_why():
    version = make_version()
    wrong = with_question(version.definition, when=rule("money.own", "gt", 5))

    with pytest.raises(forming.FormRefused) as refusal:
        forming.write(form=version, definition=wrong, by=make_writer())

    version.refresh_from_db()
    assert "comes later" in str(refusal.value)
    assert version.definition == form_in_use().definition


def test_what_is_unfinished_stays_in_a_draft_and_is_not_sent():
    version, writer = make_version(), make_writer()
    unfinished = copy.deepcopy(version.definition)
    unfinished["parts"].append({"key": "more", "label_en": "More", "label_zh": "更多", "tasks": []})

    forming.write(form=version, definition=unfinished, by=writer)

    with pytest.raises(forming.FormRefused):
        forming.send(form=version, by=writer)


def test_the_second_of_two_writers_learns_that_the_first_saved():
    version = make_version()
    read = version.version
    forming.write(form=version, definition=with_question(version.definition), by=make_writer(), version=read)

    with pytest.raises(Stale):
        forming.write(form=version, definition=version.definition, by=make_writer(), version=read)


# --- In use -----------------------------------------------------------------------------------------------------------
def test_new_applications_get_the_newest_version_and_running_ones_keep_theirs():
    before = make_draft()

    version = make_version("published")
    after = make_draft()

    before.refresh_from_db()
    assert (before.form.number, before.form.state, after.form) == (1, "retired", version)
    assert FormVersion.objects.get(pk=version.pk).published_at is not None


def test_a_version_that_people_need_is_not_taken_out_of_use():
    version = make_version("published")

    with pytest.raises(GuardFailed, match="needs this form"):
        forming.retire(form=version, by=make_publisher(), note="Old.")


def test_a_form_that_no_call_needs_is_taken_out_of_use():
    other = forming.start_form(slug="growth", name_en="Growth", name_zh="成长期", by=make_writer())
    version = make_version("published", form=other.form)

    forming.retire(form=version, by=make_publisher(), note="Nobody uses it.")

    assert (version.state, other.form.in_use) == ("retired", None)


def test_a_call_with_a_form_of_its_own_gives_it_to_its_applicants():
    other = forming.start_form(slug="growth", name_en="Growth", name_zh="成长期", by=make_writer())
    version = make_version("published", form=other.form)
    call = make_call(form=other.form)

    application = actions.start(by=make_talent().user, call=call)

    assert (application.form, make_draft().form.form.slug) == (version, "place")


def test_without_a_version_in_use_nobody_can_apply():
    form_in_use()
    empty = forming.start_form(slug="empty", name_en="Empty", name_zh="空", by=make_writer())

    with pytest.raises(MoveRefused):
        actions.start(by=make_talent().user, call=make_call(form=empty.form))


# --- What the database never allows -----------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [{"definition": {"parts": []}}, {"number": 9}])
@pytest.mark.parametrize("state", ["in_review", "published", "retired", "discarded"])
def test_only_a_draft_is_written(state, change):
    version = make_version(state)

    with pytest.raises(DatabaseError), transaction.atomic():
        FormVersion.objects.filter(pk=version.pk).update(**change)


def test_no_version_is_deleted():
    version = make_version()

    with pytest.raises(DatabaseError), transaction.atomic():
        FormVersion.objects.filter(pk=version.pk).delete()


def test_two_versions_of_a_form_are_never_in_use_at_once():
    make_version("published")

    with pytest.raises(IntegrityError), transaction.atomic():
        FormVersion.objects.filter(number=1).update(state="published")


def test_an_application_keeps_its_form():
    application, version = make_application(), make_version()

    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(form=version)


def test_two_forms_never_share_an_address():
    forming.start_form(slug="growth", name_en="Growth", name_zh="成长期", by=make_writer())

    with pytest.raises(MoveRefused):
        forming.start_form(slug="growth", name_en="Growth", name_zh="成长期", by=make_writer())

    assert ApplicationForm.objects.filter(slug="growth").count() == 1


def test_a_discarded_draft_is_over():
    version = make_version("discarded")

    with pytest.raises(NotInTable):
        forming.write(form=version, definition=version.definition, by=make_writer())


# --- Forms of before --------------------------------------------------------------------------------------------------
def test_conditions_of_before_become_rules():
    fill = importlib.import_module("incubation.intake.migrations.0006_fill_forms")
    tasks = [
        {"key": "t", "fields": [
            {"key": "a", "type": "yes_no"},
            {"key": "b", "type": "text", "when": {"field": "t.a", "eq": "yes"}},
            {"key": "c", "type": "text", "when": {"field": "t.n", "not_in": ["CHN", ""]}},
            {"key": "d", "type": "text", "when": {"field": "t.n", "ne": ""}},
        ]},
        {"key": "papers", "papers": [
            {"key": "p", "kind": "cv", "required_when": {"field": "t.o", "in": ["x", "y"]}}]},
    ]  # fmt: skip

    first, second = fill.converted({"parts": [{"key": "p", "tasks": tasks}]})["parts"][0]["tasks"]

    assert [each.get("when") for each in first["fields"]] == [
        None, rule("t.a", "is_true"), rule("t.n", "ne", "CHN"), None,
    ]  # fmt: skip
    assert second["papers"][0]["required_when"] == rule("t.o", "in", ["x", "y"])
