"""Who is told what of a round. No notice names an applicant, another expert or a score; experts read codes only."""

from collections.abc import Callable, Iterable

from django.contrib.auth import get_user_model
from django.utils import timezone, translation

from park.notices import actions as notices
from park.notices.kinds import Key, Kind, Topic, register
from park.pages.wording import local_date, two_clocks

from . import access
from .models import Meeting, Review, Round

TO_EXPERTS = ("review-assigned", "review-reminder", "review-overdue", "review-relieved")
TO_PANELS = ("meeting-invited", "meeting-called-off", "meeting-to-sign")
TO_OFFICERS = ("review-given-back", "review-late", "round-complete")


def register_kinds() -> None:
    """Make the kinds of this room known; called when the portal starts."""
    register(Kind("round-assigned", Topic.DEADLINES, icon="list"))
    register(Kind("round-extended", Topic.DEADLINES, icon="list"))
    for name in TO_EXPERTS:
        wanted = None if name == "review-relieved" else still_theirs
        register(Kind(name, Topic.DEADLINES, icon="list", still_wanted=wanted))
    for name in TO_PANELS:
        register(Kind(name, Topic.DEADLINES, icon="people"))
    for name in TO_OFFICERS:
        register(Kind(name, Topic.WORK, icon="list"))


def still_theirs(keys: list[Key]) -> set[Key]:
    """Keep only what still concerns its reader: who stepped aside hears nothing more of the file."""
    owed = set(
        Review.objects.waiting().filter(pk__in=[key.subject_id for key in keys]).values_list("pk", "expert__user")
    )
    return {key for key in keys if (key.subject_id, key.recipient_id) in owed}


def tell_expert(kind: str, review: Review, words: Callable[[], dict] | None = None, *, version: int = 1) -> None:
    """Tell the expert of one review."""

    def context() -> dict:
        return {"code": review.file.code, "ref": review.ref} | of_round(review.file.round) | (words() if words else {})

    _tell(kind, [review.expert.user], review.pk, version, context)


def tell_of_round(round: Round, user, count: int, version: int) -> None:
    """Tell an expert how many files of a round wait for them."""
    _tell("round-assigned", [user], round.pk, version, lambda: {"count": count} | of_round(round))


def tell_new_date(round: Round, people: Iterable, note: str) -> None:
    """Tell the experts who owe scores until when they are due now, and why."""
    people = sorted(people, key=lambda person: person.pk)
    _tell("round-extended", people, round.pk, round.version, lambda: {"note": note} | of_round(round))


def tell_officers(kind: str, round: Round, subject: int, words: Callable[[], dict], *, version: int = 1) -> None:
    """Tell the people who run rounds, and the chair."""
    people = list(get_user_model().objects.with_perm(access.MANAGE, include_superusers=False))
    people += [round.chair] if round.chair else []
    _tell(kind, people, subject, version, lambda: {"pk": round.pk, "round": round.name} | words())


def tell_panel(kind: str, meeting: Meeting, people: Iterable, **more) -> None:
    """Tell people of a meeting; told again with each new version of the invitation."""

    def words() -> dict:
        clocks = two_clocks(meeting.starts_at)
        when = f"{clocks['here']} · {clocks['there']}" if clocks["there"] else clocks["here"]
        return {
            "ref": meeting.ref, "meeting": meeting.name, "when": when, "day": local_date(meeting.starts_at),
            "place": meeting.place, "link": meeting.link,
        } | more  # fmt: skip

    _tell(kind, people, meeting.pk, meeting.version, words)


def of_round(round: Round) -> dict:
    clocks = two_clocks(round.due_at)
    due = f"{clocks['here']} · {clocks['there']}" if clocks["there"] else clocks["here"]
    return {"round": round.name, "due": due, "due_day": local_date(round.due_at), "minutes": round.minutes}


def _tell(kind: str, people: Iterable, subject: int, version: int, words: Callable[[], dict]) -> None:
    by_language: dict[str, list] = {}
    for person in people:
        by_language.setdefault(person.language, []).append(person)
    for language, readers in by_language.items():
        with translation.override(language), timezone.override(readers[0].time_zone):
            context = words()
        notices.tell(kind, recipients=readers, subject_id=subject, version=version, context=context)
