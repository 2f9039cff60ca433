"""The history is kept by the database, and a touched line is named."""

import json
import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from park.accounts.models import User
from park.audit.actions import acting, log_read
from park.audit.models import AuditLine, ReadLog
from park.audit.verify import Fault, faults, head
from park.organisations.models import Organisation
from tests.factories.accounts import make_user
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def write_lines():
    """Lines are written at the end of the transaction; a test has none, so ask for them now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def tamper(sql, *params):
    """Change a table as somebody who owns the database could: with the triggers off."""
    write_lines()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = DEFAULT")


def lines_of(event):
    return AuditLine.objects.get(event_table=event._meta.db_table, event_id=event.pgh_id)


def test_every_change_of_a_person_is_an_event_with_what_it_became():
    user = make_user(name="Lin Yu")

    user.name = "Lin Yu-Weber"
    user.save()
    User.objects.filter(pk=user.pk).update(time_zone="Europe/Berlin")

    told = user.history.order_by("pgh_id").values_list("pgh_label", "name", "time_zone")
    assert list(told) == [
        ("insert", "Lin Yu", "Asia/Shanghai"),
        ("update", "Lin Yu-Weber", "Asia/Shanghai"),
        ("update", "Lin Yu-Weber", "Europe/Berlin"),
    ]


def test_the_history_keeps_no_password():
    assert "password" not in {field.name for field in User.history.rel.related_model._meta.fields}


def test_a_change_in_either_language_is_kept():
    organisation = make_organisation(name="Helix Loom", name_zh_hans="海历")

    Organisation.objects.filter(pk=organisation.pk).update(name_zh_hans="海历生物")

    assert [event.name_zh_hans for event in organisation.history.order_by("pgh_id")] == ["海历", "海历生物"]


def test_a_deleted_record_leaves_its_last_state():
    organisation = make_organisation(name="Short-lived")
    history = organisation.history.model

    Organisation.objects.filter(pk=organisation.pk).delete()

    assert history.objects.filter(pgh_label="delete").get().name == "Short-lived"


def test_an_event_knows_who_acted_and_why():
    officer, user = make_user(), make_user()

    with acting(officer, "correcting a typing error", route="accounts:settings"):
        User.objects.filter(pk=user.pk).update(name="Right Name")

    assert user.history.get(pgh_label="update").pgh_context == {
        "user": officer.pk, "reason": "correcting a typing error", "route": "accounts:settings",
    }


def test_who_acts_inside_another_act_is_forgotten_when_it_ends():
    officer, user = make_user(), make_user()

    with acting(officer, "outer"):
        with acting(None, "inner"):
            make_user()
        User.objects.filter(pk=user.pk).update(name="Right Name")

    assert user.history.get(pgh_label="update").pgh_context == {"user": officer.pk, "reason": "outer"}


def test_what_a_task_changes_says_which_task_it_was():
    from celery import shared_task

    user = make_user()

    @shared_task(name="tests.rename")
    def rename():
        User.objects.filter(pk=user.pk).update(name="By a task")

    rename.delay()

    assert user.history.get(pgh_label="update").pgh_context == {"user": None, "reason": "", "task": "tests.rename"}


@pytest.mark.parametrize("act", ["update", "delete"])
def test_an_event_can_be_neither_changed_nor_deleted(act):
    event = make_user().history.get()
    rows = event._meta.model.objects.filter(pk=event.pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(name="Somebody else") if act == "update" else rows.delete()


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_line_of_the_chain_can_be_neither_changed_nor_deleted(act):
    make_user()
    write_lines()

    with pytest.raises(DatabaseError), transaction.atomic():
        AuditLine.objects.update(event_id=1) if act == "update" else AuditLine.objects.all().delete()


def test_lines_are_chained_one_to_the_next():
    make_user()
    make_user()
    write_lines()

    lines = list(AuditLine.objects.order_by("seq"))
    assert len(lines) >= 2
    assert [line.previous for line in lines[1:]] == [line.digest for line in lines[:-1]]
    assert faults() == []


def test_one_changed_byte_of_an_event_is_named():
    event = make_user(name="Lin Yu").history.get()
    make_user()

    tamper("UPDATE accounts_userevent SET name = 'Lin Yv' WHERE pgh_id = %s", event.pgh_id)

    assert faults() == [Fault("changed", lines_of(event).seq, "accounts_userevent", event.pgh_id)]


def test_an_event_put_under_another_name_is_named():
    culprit, scapegoat, user = make_user(), make_user(), make_user()
    with acting(culprit, "a favour"):
        User.objects.filter(pk=user.pk).update(is_staff=True)
    event = user.history.get(pgh_label="update")

    tamper(
        "UPDATE accounts_userevent SET pgh_context = jsonb_set(pgh_context, '{user}', to_jsonb(%s::int))"
        " WHERE pgh_id = %s",
        scapegoat.pk, event.pgh_id,
    )

    assert [fault.kind for fault in faults()] == ["changed"]


def test_one_changed_byte_of_a_line_is_named():
    event = make_user().history.get()
    make_user()

    tamper(
        "UPDATE audit_auditline SET content = jsonb_set(content, '{is_staff}', 'true')"
        " WHERE event_table = %s AND event_id = %s",
        "accounts_userevent", event.pgh_id,
    )

    assert {(fault.kind, fault.line) for fault in faults()} == {("changed", lines_of(event).seq)}


def test_a_line_whose_digests_were_reckoned_anew_is_named():
    event = make_user().history.get()
    make_user()

    tamper("UPDATE accounts_userevent SET is_staff = true WHERE pgh_id = %s", event.pgh_id)
    tamper(
        """UPDATE audit_auditline SET content = jsonb_set(content, '{is_staff}', 'true') WHERE event_id = %s
        AND event_table = 'accounts_userevent'""", event.pgh_id)
    tamper(
        """UPDATE audit_auditline SET content_digest = encode(sha256(convert_to(content::text, 'UTF8')), 'hex')
        WHERE event_id = %s AND event_table = 'accounts_userevent'""", event.pgh_id)
    tamper(
        """UPDATE audit_auditline SET digest = encode(sha256(convert_to(
        concat_ws('|', previous, seq, event_table, event_id, content_digest), 'UTF8')), 'hex')
        WHERE event_id = %s AND event_table = 'accounts_userevent'""", event.pgh_id)

    assert faults() == [Fault("changed", lines_of(event).seq)]


def test_a_line_taken_out_is_named():
    event = make_user().history.get()
    make_user()
    write_lines()
    seq = lines_of(event).seq

    tamper("DELETE FROM audit_auditline WHERE seq = %s", seq)

    assert faults() == [Fault("unchained", None, "accounts_userevent", event.pgh_id), Fault("missing", seq)]


def test_an_event_taken_out_is_named():
    event = make_user().history.get()
    make_user()

    tamper("DELETE FROM accounts_userevent WHERE pgh_id = %s", event.pgh_id)

    assert faults() == [Fault("missing", lines_of(event).seq, "accounts_userevent", event.pgh_id)]


def test_two_lines_in_each_others_place_are_named():
    first, second = make_user().history.get(), make_user().history.get()
    make_user()
    write_lines()
    one, two = lines_of(first).seq, lines_of(second).seq

    tamper("UPDATE audit_auditline SET seq = -1 WHERE seq = %s", one)
    tamper("UPDATE audit_auditline SET seq = %s WHERE seq = %s", one, two)
    tamper("UPDATE audit_auditline SET seq = %s WHERE seq = -1", two)

    assert [(fault.kind, fault.line) for fault in faults()] == [("swapped", one), ("swapped", two)]


def test_an_event_slipped_in_without_the_chain_is_named():
    event = make_user().history.get()
    tamper(
        "INSERT INTO accounts_userevent SELECT (e).* FROM (SELECT jsonb_populate_record(u, '{\"pgh_id\": 999999}') e"
        " FROM accounts_userevent u WHERE pgh_id = %s) x", event.pgh_id)

    assert faults() == [Fault("unchained", None, "accounts_userevent", 999999)]


def test_a_tail_that_was_cut_off_shows_at_an_anchor():
    make_user()
    write_lines()
    anchor = head()
    event = make_user().history.get()
    write_lines()
    later = head()

    tamper("DELETE FROM audit_auditline WHERE seq = %s", later["seq"])
    tamper("DELETE FROM accounts_userevent WHERE pgh_id = %s", event.pgh_id)

    assert faults([anchor]) == []
    assert faults([anchor, later]) == [Fault("cut", later["seq"])]


def test_a_reading_is_a_line_of_the_chain_and_needs_a_reason():
    officer, owner = make_user(), make_user()

    reading = log_read(by=officer, record=owner, about=owner, reason="Screening application A-2026-0001")
    write_lines()

    line = AuditLine.objects.get(event_table="audit_readlog")
    assert (line.event_id, line.content["reason"]) == (reading.pk, "Screening application A-2026-0001")
    with pytest.raises(DatabaseError), transaction.atomic():
        ReadLog.objects.update(reason="Nothing")


def test_the_command_names_the_damaged_line_and_fails():
    event = make_user().history.get()
    write_lines()
    out = StringIO()
    call_command("verify_audit", no_anchors=True, stdout=out)
    assert out.getvalue() == f"The audit is whole: {head()['seq']} lines.\n"

    tamper("UPDATE accounts_userevent SET name = 'X' WHERE pgh_id = %s", event.pgh_id)

    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_audit", json=True, no_anchors=True, stdout=out)
    assert json.loads(out.getvalue())["faults"] == [
        {"kind": "changed", "line": lines_of(event).seq, "table": "accounts_userevent", "event": event.pgh_id}
    ]


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_make_one_chain():
    people = [make_user() for _ in range(4)]

    def write(user):
        for n in range(10):
            User.objects.filter(pk=user.pk).update(name=f"Name {n}")
        connection.close()

    threads = [threading.Thread(target=write, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    seqs = list(AuditLine.objects.order_by("seq").values_list("seq", flat=True))
    assert AuditLine.objects.filter(event_table="accounts_userevent").count() == 44
    assert seqs == list(range(1, len(seqs) + 1))
    assert faults() == []


def test_a_thousand_people_are_stored_and_chained_in_seconds(django_assert_max_num_queries):
    began = time.monotonic()
    User.objects.bulk_create(User(email=f"mass{n}@talent.example") for n in range(1000))
    write_lines()

    assert time.monotonic() - began < 5
    assert AuditLine.objects.filter(event_table="accounts_userevent").count() == 1000
