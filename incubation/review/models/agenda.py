"""The agenda of a meeting: its items, who declared no interest, the live scores and the votes.

Live scores and votes are read through ``incubation.review.sealed`` and nowhere else: it refuses before the hour.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubation.intake.states import Reason
from park.audit.tracking import append_only, audited

from ..meeting_states import ON_THE_TABLE, UNDONE, Choice, ItemState
from .meetings import Meeting, Seat
from .rounds import RoundFile

# Who is in the room for an item: attends now, was not kept off, did not step aside.
IN_THE_ROOM = """
    FROM review_seat s
    JOIN review_attendance a ON a.seat_id = s.id AND a.left_at IS NULL
    JOIN review_roundfile f ON f.id = {item}.file_id
    WHERE s.meeting_id = {item}.meeting_id
        AND NOT EXISTS (SELECT 1 FROM review_keptoff k WHERE k.seat_id = s.id AND k.item_id = {item}.id)
        AND NOT EXISTS (
            SELECT 1 FROM review_recusal r WHERE r.expert_id = s.expert_id AND r.application_id = f.application_id
        )
"""
# What is typed for an item comes from somebody who declared no interest and is in the room, while it is on the table.
MAY_TAKE_PART = """
    SELECT * INTO item FROM review_agendaitem WHERE id = NEW.item_id FOR SHARE;
    IF NOT ({when}) THEN
        RAISE EXCEPTION 'the item is not open for this' USING ERRCODE = '23514', CONSTRAINT = '{name}';
    END IF;
    IF NOT EXISTS (SELECT 1 {room} AND s.id = NEW.seat_id AND EXISTS (
        SELECT 1 FROM review_declaration d WHERE d.seat_id = s.id AND d.item_id = item.id
    )) THEN
        RAISE EXCEPTION 'only members in the room who declared no interest take part'
            USING ERRCODE = '23514', CONSTRAINT = '{name}';
    END IF;
    RETURN NEW;
"""


def only_in_the_room(name: str, when: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("item", "review_agendaitem%ROWTYPE")],
        func=MAY_TAKE_PART.format(name=name, when=when, room=IN_THE_ROOM.format(item="item")),
    )  # fmt: skip


class AgendaItemQuerySet(models.QuerySet):
    def on_the_table(self):
        return self.filter(state__in=ON_THE_TABLE)

    def undone(self):
        return self.filter(state__in=UNDONE)


@audited()
class AgendaItem(models.Model):
    """One file on the agenda of a meeting: what was said, what was resolved, and in which words it is proposed."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    file = models.ForeignKey(RoundFile, models.PROTECT, related_name="items", verbose_name=_("file"))
    position = models.PositiveSmallIntegerField(_("place"))
    state = models.CharField(_("state"), max_length=12, choices=ItemState, default=ItemState.WAITING)
    version = models.PositiveIntegerField(default=1, editable=False)
    turn = models.PositiveSmallIntegerField(default=1, editable=False)  # 2: scored once more
    shown_turn = models.PositiveSmallIntegerField(default=0, editable=False)  # scores up to this turn can be read
    called_at = models.DateTimeField(_("called"), null=True, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=12, choices=Choice, blank=True)
    resolved_at = models.DateTimeField(_("voted"), null=True, blank=True, editable=False)
    minutes = models.TextField(_("minutes"), blank=True)
    reason_code = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    why = models.TextField(_("why, for the applicant"), blank=True)
    advice = models.TextField(_("advice for the applicant"), blank=True)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)  # [{"text": …, "due": "2026-12-31"}]
    minutes_version = models.PositiveIntegerField(default=0, editable=False)
    minutes_edit = models.CharField(max_length=20, blank=True, editable=False)
    decision = models.OneToOneField(
        "intake.Decision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposal")
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("agenda item"), _("agenda items")
        ordering = ["position", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="an_item_has_a_known_state", condition=Q(state__in=ItemState.values)),
            models.UniqueConstraint(
                fields=["meeting", "position"], name="items_have_an_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["meeting", "file"], name="a_file_is_on_an_agenda_once"),
            models.UniqueConstraint(
                fields=["file"], condition=Q(state__in=UNDONE), name="a_file_waits_in_one_meeting",
                violation_error_message=_("This file is on the agenda of another meeting."),
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state__in=ON_THE_TABLE), name="one_item_at_a_time",
                violation_error_message=_("Another item is on the table. Finish it first, or put it off."),
            ),
            models.CheckConstraint(
                name="an_item_is_scored_twice_at_most",
                condition=Q(turn__in=(1, 2), shown_turn__lte=F("turn")),
            ),
            models.CheckConstraint(
                name="a_vote_has_its_result",
                condition=Q(state__in=("resolved", "proposed"), resolved_at__isnull=False, result__in=Choice.values)
                | Q(state="put_off") | (~Q(state__in=("resolved", "proposed")) & Q(result="", resolved_at=None)),
            ),
            models.CheckConstraint(
                name="what_was_proposed_names_its_proposal",
                condition=~Q(state="proposed") | Q(decision__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="scores_are_shown_when_all_are_in", when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("shown_turn"),
                func=f"""
                    IF (SELECT count(*) {IN_THE_ROOM.format(item="NEW")})
                            < (SELECT quorum FROM review_meeting WHERE id = NEW.meeting_id)
                        OR EXISTS (SELECT 1 {IN_THE_ROOM.format(item="NEW")} AND NOT EXISTS (
                            SELECT 1 FROM review_livescore l
                            WHERE l.item_id = NEW.id AND l.seat_id = s.id AND l.turn = NEW.shown_turn
                        )) THEN
                        RAISE EXCEPTION 'not all scores are in'
                            USING ERRCODE = '23514', CONSTRAINT = 'scores_are_shown_when_all_are_in';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608
            ),
            pgtrigger.Trigger(
                name="a_result_has_quorum_and_majority", when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("result"), declare=[("cast_all", "integer"), ("cast_for", "integer")],
                func="""
                    SELECT count(*), count(*) FILTER (WHERE b.choice = NEW.result) INTO cast_all, cast_for
                        FROM review_ballot b JOIN review_seat s ON s.id = b.seat_id
                        JOIN review_roundfile f ON f.id = NEW.file_id
                        WHERE b.item_id = NEW.id AND NOT EXISTS (SELECT 1 FROM review_recusal r
                            WHERE r.expert_id = s.expert_id AND r.application_id = f.application_id);
                    IF OLD.state <> 'voting' OR cast_for * 2 <= cast_all
                        OR cast_all < (SELECT quorum FROM review_meeting WHERE id = NEW.meeting_id) THEN
                        RAISE EXCEPTION 'no majority of a quorum'
                            USING ERRCODE = '23514', CONSTRAINT = 'a_result_has_quorum_and_majority';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="items_of_a_signed_text_stay", when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM review_signature s WHERE s.void_at IS NULL
                            AND s.meeting_id = CASE WHEN TG_OP = 'INSERT' THEN NEW.meeting_id ELSE OLD.meeting_id END
                    ) THEN
                        RAISE EXCEPTION 'somebody signed this text already'
                            USING ERRCODE = '23514', CONSTRAINT = 'items_of_a_signed_text_stay';
                    END IF;
                    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                """,
            ),
            pgtrigger.ReadOnly(name="an_item_stays_the_same_file", fields=["meeting", "file"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.file.code

    @property
    def is_on_the_table(self) -> bool:
        return self.state in ON_THE_TABLE

    @property
    def ballots_are_open(self) -> bool:
        """Tell whether the votes can be read: after the vote, never during it."""
        return bool(self.result)


class Declaration(models.Model):
    """That a member declared to have no interest in a file, before they saw more of it than its title."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="declarations")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="declarations")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("declaration"), _("declarations")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["seat", "item"], name="one_declares_once_an_item")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.seat_id} · {self.item_id}"


class LiveScore(models.Model):
    """A member's score in the meeting. Nobody reads it before all are in; from then on nobody changes it.

    Not audited row by row: the copies would be a second place to read it from before the hour.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField()
    scores = models.JSONField()  # {"innovation": 4, …}
    total = models.DecimalField(max_digits=5, decimal_places=2)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("live score"), _("live scores")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "seat", "turn"], name="a_member_scores_once_a_turn"),
            models.CheckConstraint(name="a_live_total_is_out_of_a_hundred", condition=Q(total__range=(0, 100))),
        ]
        triggers = [
            only_in_the_room(
                "live_scores_come_from_the_room",
                "item.state IN ('scoring', 'rescoring') AND item.turn = NEW.turn AND item.shown_turn < NEW.turn",
            ),
            pgtrigger.Protect(name="no_live_score_is_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.seat_id}"  # never the score


class Ballot(models.Model):
    """A member's vote on an item. It can be changed until the vote is closed, and is read only then."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=12, choices=Choice)
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("vote"), _("votes")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "seat"], name="a_member_votes_once_an_item"),
            models.CheckConstraint(name="a_vote_is_for_a_known_choice", condition=Q(choice__in=Choice.values)),
        ]
        triggers = [
            only_in_the_room("votes_come_from_the_room", "item.state = 'voting'"),
            pgtrigger.Protect(name="no_vote_is_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.seat_id}"
