"""What staff change in a round: by verbs that lock it, say who was faster, and write down what they did."""

import pytest
from django.urls import reverse

from incubation.review import actions
from incubation.review.models import Review, Round
from park.workflow.actions import GuardFailed, NotYours, Stale
from park.workflow.models import TransitionLog
from tests.factories.accounts import make_staff, make_user
from tests.factories.meetings import make_meeting
from tests.factories.review import bring, make_candidate, make_chair, make_organiser, make_round, make_scoring_round

pytestmark = pytest.mark.django_db


def posted(page) -> dict:
    """Return what a browser sends when nothing is typed into the forms of a page of the staff area."""
    data = {}
    forms = [page.context["adminform"].form]
    for each in page.context["inline_admin_formsets"]:
        forms += [each.formset.management_form, *each.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            widget = field.field.widget
            if hasattr(widget, "decompress"):
                parts = widget.decompress(value)
                data |= {f"{field.html_name}_{n}": part for n, part in enumerate(parts)}
            elif value not in (None, False):
                data[field.html_name] = value
    return data


def lines_of(record) -> list[str]:
    return list(TransitionLog.objects.of(record).made().order_by("pk").values_list("move", flat=True))


def test_two_officers_who_change_a_round_do_not_overwrite_each_other(client):
    round = make_round()
    client.force_login(make_staff("intake-officer"))
    address = reverse("admin:review_round_change", args=[round.pk])
    first = posted(client.get(address))

    assert client.post(address, first | {"minutes": "30"}).status_code == 302
    late = client.post(address, first | {"minutes": "55"})

    assert late.status_code == 409
    assert "changed while you had it open" in late.text
    assert 'value="55"' in late.text
    assert Round.objects.get().minutes == 30
    assert lines_of(round) == ["open_round", "change"]


def test_what_was_typed_into_a_round_that_went_on_meanwhile_is_still_there(client):
    round = make_scoring_round(files=1)
    client.force_login(make_staff("intake-officer"))
    address = reverse("admin:review_round_change", args=[round.pk])
    first = posted(client.get(address))
    for review in Review.objects.filter(file__round=round):
        bring(review, "sent")
    actions.call_panel(round=round, by=make_chair())

    late = client.post(address, first | {"name_en": "Autumn panel"})

    assert late.status_code == 409
    assert "can no longer be changed" in late.text
    assert "Autumn panel" in late.text
    assert Round.objects.get().name_en != "Autumn panel"


def test_what_was_typed_into_a_meeting_that_was_called_off_meanwhile_is_still_there(client):
    meeting = make_meeting(files=1)
    client.force_login(make_staff("intake-officer"))
    address = reverse("admin:review_meeting_change", args=[meeting.pk])
    first = posted(client.get(address))
    actions.call_off_meeting(meeting=meeting, by=make_organiser(), note="Snow.")

    late = client.post(address, first | {"place": "Hall 9"})

    assert late.status_code == 409
    assert "no longer being planned" in late.text
    assert "Hall 9" in late.text
    meeting.refresh_from_db()
    assert meeting.place == "Hall 2"


def test_the_rules_of_a_phase_are_changed_by_a_verb_that_is_written_down(client):
    round = make_round()
    client.force_login(make_staff("intake-officer"))
    address = reverse("admin:review_round_change", args=[round.pk])
    first = posted(client.get(address))

    assert client.post(address, first | {"rules-1-names": "on"}).status_code == 302
    assert client.post(address, {key: first[key] for key in first if key != "rules-1-ranking"}).status_code == 409

    assert lines_of(round) == ["open_round", "set_rules"]
    assert list(round.rules.values_list("phase", "names", "ranking")) == [
        ("scoring", False, False), ("panel", True, True), ("closed", False, True)]  # fmt: skip


def test_what_experts_were_asked_by_stays_while_they_score():
    round, by = make_scoring_round(files=1), make_organiser()
    for fields in ({"minutes": 5}, {"blind": False}):
        with pytest.raises(GuardFailed):
            actions.change_round(round=round, by=by, **fields)
    with pytest.raises(NotYours):
        actions.change_round(round=round, by=make_user(), name_en="Mine")

    actions.change_round(round=round, by=by, name_en="Autumn")

    assert Round.objects.get().name_en == "Autumn"


def test_the_tags_of_a_file_are_changed_by_a_verb_that_says_who_was_faster(client):
    round, by = make_round(), make_organiser()
    file, *_others = actions.add_files(round=round, by=by, applications=[make_candidate(round.call)])
    client.force_login(make_staff("intake-officer"))
    address = reverse("admin:review_roundfile_change", args=[file.pk])
    first = posted(client.get(address))

    assert client.post(address, first | {"tags": "optics"}).status_code == 302
    assert client.post(address, first | {"tags": "lasers"}).status_code == 409
    with pytest.raises(Stale):
        actions.tag_file(file=file, by=by, tags="lasers", read="")

    file.refresh_from_db()
    assert file.tags == "optics"
    assert lines_of(round) == ["open_round", "tag"]
