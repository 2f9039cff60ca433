"""Review meetings: when and where, who sits in them, who was there, who signed."""

import pgtrigger
from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubation.intake.models import Application
from park.accounts.models import Language
from park.audit.tracking import append_only, audited

from ..meeting_states import CANCELLED, CLOSED, OPEN, PLANNED, MeetingState
from .experts import Expert
from .reviews import new_ref


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the meetings that a person chairs, keeps the minutes of, or sits in."""
        seats = Seat.objects.filter(expert__user=user, expert__active=True).values("meeting")
        return self.filter(Q(chair=user) | Q(secretary=user) | Q(pk__in=seats))

    def open_to_staff(self, user):
        """Return the meetings that a member of staff may look into: none that speaks of their own application."""
        own = Application.objects.taken_part_in_by(user)
        return self.exclude(items__file__application__in=own)

    def ahead(self):
        return self.filter(state__in=(PLANNED, OPEN, CLOSED))


@audited(translated=["name"])
class Meeting(models.Model):
    """One sitting of a panel: it scores once more, live, votes item by item, and signs what it resolved."""

    ref = models.CharField(_("reference"), max_length=12, unique=True, default=new_ref, editable=False)
    name = models.CharField(_("name"), max_length=120)  # name_en, name_zh_hans
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link to join"), blank=True, validators=[URLValidator(["https"])])
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("chair"))
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("secretary")
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"), default=3, help_text=_("So many members without a conflict have to be there for an item.")
    )
    spread_limit = models.PositiveSmallIntegerField(
        _("large spread"), default=25,
        help_text=_("Points out of 100 between the highest and the lowest total; from there an item may be scored once "
                    "more."),
    )  # fmt: skip
    language = models.CharField(_("language of the result"), max_length=10, choices=Language, default="zh-hans")
    minutes = models.TextField(_("minutes"), blank=True)
    minutes_version = models.PositiveIntegerField(default=0, editable=False)
    minutes_edit = models.CharField(max_length=20, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    letter = models.OneToOneField(
        "letters.Letter", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed result")
    )
    digest = models.CharField(_("digest of the result"), max_length=64, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("meeting"), _("meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="a_meeting_has_a_known_state", condition=Q(state__in=MeetingState.values)),
            models.CheckConstraint(
                name="a_meeting_ends_after_it_began", condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The meeting has to end after it began."),
            ),
            models.CheckConstraint(
                name="the_chair_does_not_keep_the_minutes", condition=~Q(chair=F("secretary")),
                violation_error_message=_("The chair and the secretary are two people: both sign."),
            ),
            models.CheckConstraint(
                name="a_quorum_is_a_number_of_people", condition=Q(quorum__range=(1, 50)),
                violation_error_message=_("The quorum lies between 1 and 50."),
            ),
            models.CheckConstraint(
                name="a_spread_is_out_of_a_hundred", condition=Q(spread_limit__range=(1, 100)),
                violation_error_message=_("The spread lies between 1 and 100."),
            ),
            models.CheckConstraint(
                name="a_meeting_is_somewhere", condition=~Q(place="") | ~Q(link=""),
                violation_error_message=_("Say where the meeting is: a place, a link, or both."),
            ),
            models.CheckConstraint(
                name="a_signed_meeting_has_its_letter",
                condition=~Q(state="signed") | (Q(letter__isnull=False) & ~Q(digest="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_signed_meeting_stays", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="signed"),
            ),
            pgtrigger.Trigger(
                name="what_was_signed_stays", when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "minutes", "name", "name_en", "name_zh_hans", "starts_at", "ends_at", "place", "chair", "secretary",
                    "quorum", "language", "closed_at",
                ),
                func="""
                    IF EXISTS (SELECT 1 FROM review_signature s WHERE s.meeting_id = OLD.id AND s.void_at IS NULL) THEN
                        RAISE EXCEPTION 'somebody signed this text already'
                            USING ERRCODE = '23514', CONSTRAINT = 'what_was_signed_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("review:meeting", args=[self.ref])

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def is_called_off(self) -> bool:
        return self.state == CANCELLED

    @property
    def live_signatures(self):
        return self.signatures.filter(void_at=None).select_related("user")


class SeatQuerySet(models.QuerySet):
    def with_presence(self):
        """Return the seats with whether their member is in the room."""
        inside = Attendance.objects.filter(seat=models.OuterRef("pk"), left_at=None)
        return self.annotate(present=models.Exists(inside))


@audited()
class Seat(models.Model):
    """A member of the panel in one meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="seats")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats", verbose_name=_("expert"))

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("member"), _("members")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "expert"], name="a_member_sits_once_in_a_meeting"),
        ]
        triggers = [pgtrigger.Protect(name="a_seat_stays_its_members", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return str(self.expert)


class Attendance(models.Model):
    """A time in which a member was in the room: came, and left. ``by`` says who wrote it down."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendance")
    came_at = models.DateTimeField(_("came"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))

    class Meta:
        verbose_name, verbose_name_plural = _("attendance"), _("attendance")
        ordering = ["came_at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(left_at=None), name="a_member_is_in_the_room_once"
            ),
            models.CheckConstraint(
                name="one_leaves_after_one_came", condition=Q(left_at=None) | Q(left_at__gte=F("came_at"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_past_attendance_stays", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__left_at__isnull=False),
            ),
            pgtrigger.ReadOnly(name="who_came_when_stays", fields=["seat", "came_at", "by"]),
            pgtrigger.Trigger(
                name="one_attends_an_open_meeting", when=pgtrigger.Before, operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM review_seat s JOIN review_meeting m ON m.id = s.meeting_id
                        WHERE s.id = NEW.seat_id AND m.state IN ('planned', 'open')
                    ) THEN
                        RAISE EXCEPTION 'this meeting is over'
                            USING ERRCODE = '23514', CONSTRAINT = 'one_attends_an_open_meeting';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.came_at:%H:%M}"


@audited()
class Signature(models.Model):
    """That the chair or the secretary signed one text of the result. A correction makes it void; the row stays."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        SECRETARY = "secretary", _("secretary")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="signatures")
    role = models.CharField(_("as"), max_length=10, choices=Role)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    digest = models.CharField(_("digest of what was signed"), max_length=64)
    at = models.DateTimeField(_("when"), default=timezone.now)
    void_at = models.DateTimeField(_("void since"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("signature"), _("signatures")
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "role"], condition=Q(void_at=None), name="each_signs_once"),
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(void_at=None), name="nobody_signs_for_both"
            ),
            models.CheckConstraint(
                name="one_signs_as_chair_or_secretary", condition=Q(role__in=["chair", "secretary"])
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="a_signature_stays", fields=["meeting", "role", "user", "digest", "at"]),
            pgtrigger.Protect(name="no_signature_is_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_void_signature_stays_void", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__void_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user_id}"


class KeptOff(models.Model):
    """That a member keeps off an item: our records show a tie, or they stepped aside before. Named in the minutes."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="kept_off")
    item = models.ForeignKey("review.AgendaItem", models.PROTECT, related_name="kept_off")
    kind = models.CharField(_("reason"), max_length=12)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("kept off"), _("kept off")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["seat", "item"], name="one_is_kept_off_an_item_once")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.seat_id} · {self.item_id}"
