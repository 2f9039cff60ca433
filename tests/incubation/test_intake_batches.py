"""One act on many applications: tried without a trace, made row by row, handed back where that is possible."""

import pytest

from incubation.intake import actions, tasks
from incubation.intake.actions import MoveRefused
from incubation.intake.models import Application, Batch
from park.notices.models import Notice
from park.workflow.models import TransitionLog
from tests.factories.accounts import make_staff
from tests.factories.intake import make_application, make_officer

pytestmark = pytest.mark.django_db
LIST = "/admin/intake/application/"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def results(batch: Batch) -> dict[str, str]:
    return {row.application.ref: row.after or row.refusal or row.hindrance for row in batch.rows.all()}


def test_trying_leaves_no_trace_but_says_what_would_happen_to_each():
    officer = make_officer()
    new, taken = make_application(), make_application("screening")
    logs, told = TransitionLog.objects.count(), Notice.objects.count()

    batch = actions.plan_batch(act="take", applications=[new, taken], by=officer)

    assert results(batch)[new.ref] == ""
    assert "not possible now" in results(batch)[taken.ref]
    assert (TransitionLog.objects.count(), Notice.objects.count()) == (logs, told)
    actions.carry_on(batch)  # not started yet
    new.refresh_from_db()
    assert new.state == "submitted"


def test_each_row_goes_through_the_verb_and_what_changed_meanwhile_is_left_alone():
    officer = make_officer()
    first, second = make_application(), make_application()
    batch = actions.plan_batch(act="take", applications=[first, second], by=officer)
    actions.take(application=second, by=make_officer())

    batch = actions.start_batch(batch=batch, by=officer)
    actions.carry_on(batch)
    actions.carry_on(batch)

    first.refresh_from_db()
    assert (first.state, first.officer) == ("screening", officer)
    assert results(batch)[first.ref] == "screening"
    assert "changed while you had it open" in results(batch)[second.ref]
    assert TransitionLog.objects.of(first).made().filter(move="take").count() == 1


def test_what_was_handed_over_can_be_handed_back_where_nothing_happened_since():
    officer, other, third = make_officer(), make_officer(), make_officer()
    still, moved = (make_application("screening", officer=officer) for _each in range(2))
    batch = actions.plan_batch(act="hand_over", applications=[still, moved], by=officer)
    batch = actions.start_batch(batch=batch, by=officer, to=other.pk)
    actions.carry_on(batch)
    moved.refresh_from_db()
    actions.hand_over(application=moved, to=third, by=other)

    assert actions.undo_batch(batch=batch, by=officer) == 1

    officers = {each.pk: each.officer for each in Application.objects.select_related("officer")}
    assert officers == {still.pk: officer, moved.pk: third}
    with pytest.raises(MoveRefused):
        actions.undo_batch(batch=batch, by=officer)


def test_only_officers_try_only_who_tried_starts_and_a_reason_is_asked_for():
    officer, application = make_officer(), make_application("screening")
    with pytest.raises(MoveRefused):
        actions.plan_batch(act="take", applications=[application], by=make_staff())
    with pytest.raises(MoveRefused):
        actions.plan_batch(act="take", applications=[], by=officer)
    batch = actions.plan_batch(act="close", applications=[application], by=officer)

    for given in ({"by": make_officer(), "note": "Sent twice."}, {"by": officer}, {"by": officer, "note": " "}):
        with pytest.raises(MoveRefused):
            actions.start_batch(batch=batch, **given)
    with pytest.raises(MoveRefused):
        actions.undo_batch(batch=batch, by=officer)


def test_a_worker_carries_on_what_another_left():
    officer = make_officer()
    new = make_application()
    batch = actions.start_batch(batch=actions.plan_batch(act="take", applications=[new], by=officer), by=officer)
    tasks.finish_batches()  # too young: its own worker is at it
    new.refresh_from_db()
    assert new.state == "submitted"

    Batch.objects.update(started_at=batch.started_at - actions.GRACE)
    tasks.finish_batches()

    new.refresh_from_db()
    assert new.state == "screening"


def test_officers_choose_in_the_list_read_what_would_happen_and_start(client, monkeypatch):
    officer = make_officer()
    new, taken = make_application(), make_application("screening")
    client.force_login(officer)

    led = client.post(LIST, {"action": "take_together", "_selected_action": [new.pk, taken.pk]})
    tried = client.get(led.url).text
    client.post(led.url, {"start": "1"})
    done = client.get(led.url).text

    new.refresh_from_db()
    assert "1 application goes on," in tried
    assert new.state == "screening"
    assert "1 of 2 done." in done
    client.force_login(make_officer())
    assert client.get(led.url).status_code == 404


def test_many_rows_are_made_in_the_background(client, monkeypatch):
    from incubation.intake import batching

    called = []
    monkeypatch.setattr(batching, "nudge", lambda task, *args: called.append((task.name, args)))
    monkeypatch.setattr(actions, "BATCH_AT_ONCE", 1)
    officer = make_officer()
    applications = [make_application(), make_application()]
    batch = actions.plan_batch(act="take", applications=applications, by=officer)
    client.force_login(officer)

    client.post(f"{LIST}together/{batch.pk}/", {"start": "1"})
    waiting = client.get(f"{LIST}together/{batch.pk}/").text
    tasks.run_batch(batch.pk)

    assert called == [("incubation.intake.tasks.run_batch", (batch.pk,))]
    assert "2 still wait." in waiting
    assert set(results(batch).values()) == {"screening"}
