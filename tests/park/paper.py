"""A paper that goes from hand to hand: the smallest record with a process, for the tests of the workflow alone."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from park.workflow.machine import ClockRule, Machine, Move


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent"
    WAITING = "waiting", "Waiting for the writer"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Not accepted"


MACHINE = Machine(
    "paper",
    State,
    (
        Move("write", (), State.DRAFT, "writer", "Write"),
        Move("send", State.DRAFT, State.SENT, "writer", "Send", starts=ClockRule("reading", 3)),
        Move("ask", State.SENT, State.WAITING, "reader", "Ask", note_required=True, pauses="reading"),
        Move("answer", State.WAITING, State.SENT, "writer", "Answer", resumes="reading"),
        Move("check", State.SENT, None, "reader", "Check"),
        Move("accept", State.SENT, State.ACCEPTED, "reader", "Accept", other_than="check"),
        Move("reject", State.SENT, State.REJECTED, "reader", "Reject", reason_required=True),
    ),
    finals=(State.ACCEPTED, State.REJECTED),
)


class Paper(models.Model):
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=50, blank=True)

    class Meta:
        app_label = "papers"  # of no installed app: migrations and the rest of the suite never see it
        constraints = [
            models.UniqueConstraint(
                fields=["title"],
                condition=~models.Q(title=""),
                name="a_title_is_used_once",
            ),
            models.CheckConstraint(name="a_title_is_not_silly", condition=~models.Q(title="silly")),
        ]


def may(user, move, record) -> bool:
    return user is None or move.by == ("reader" if user.is_staff else "writer")


@pytest.fixture(scope="module")
def table_of_papers(django_db_setup, django_db_blocker):
    """The table of papers, in the test database for as long as the tests of a file run."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS papers_paper")
        with connection.schema_editor() as editor:
            editor.create_model(Paper)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS papers_paper")


@pytest.fixture
def papers(table_of_papers, db):
    ContentType.objects.clear_cache()  # the last test's rollback took the type of papers with it
    ContentType.objects.get_for_model(Paper)
