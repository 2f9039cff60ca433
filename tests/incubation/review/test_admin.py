"""The staff's desk for expert review: a round from setting up to results, through the pages alone."""

import csv
import datetime as dt
import io

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from incubation.review import actions
from incubation.review.models import CopyFile, Expert, Plan, ReadingCopy, Recusal, Review, Round, Rubric
from park.audit.models import ReadLog
from tests.factories.accounts import make_staff, make_user
from tests.factories.files import pdf_bytes, upload
from tests.factories.review import (
    bring,
    make_candidate,
    make_chair,
    make_expert,
    make_files,
    make_organiser,
    make_panel_call,
    make_round,
    make_rubric,
    make_scoring_round,
)

pytestmark = pytest.mark.django_db


def act(model: str, name: str, pk: int) -> str:
    return reverse(f"admin:review_{model}_{name}", args=[pk])


@pytest.fixture
def staff(client):
    client.user = make_staff("intake-officer")
    client.force_login(client.user)
    return client


def press(client, address: str, **data):
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    return answer


def test_a_round_goes_from_nothing_to_its_experts_through_the_pages(client, staff):
    call, rubric = make_panel_call(), make_rubric()
    make_candidate(call), make_candidate(call)
    make_expert(), make_expert()
    due = timezone.localtime() + dt.timedelta(days=20)
    fields = {
        "name_en": "Spring", "name_zh_hans": "春季", "slug": "spring", "call": call.pk,
        "rubric": rubric.pk, "blind": "on", "experts_per_file": 2, "files_per_expert": 8, "minimum": 2,
        "due_at_0": due.strftime("%Y-%m-%d"),
        "due_at_1": "17:00:00", "minutes": 25, "seed": 3,
    }  # fmt: skip

    press(staff, reverse("admin:review_round_add"), **fields)
    round = Round.objects.get()
    press(staff, act("round", "gather", round.pk))
    press(staff, act("round", "copy_all", round.pk))
    assert staff.get(act("round", "change", round.pk)).context["overview"]["faults"]
    client.force_login(make_staff("intake-officer"))
    for file in round.files.all():
        press(client, act("roundfile", "approve", file.pk))
    press(client, act("round", "act_ready", round.pk), version=Round.objects.get().version)
    press(client, act("round", "plan", round.pk), seed=5)
    page = client.get(act("round", "plan", round.pk)).content.decode()
    assert "Every place is filled." in page and Review.objects.count() == 0
    press(client, act("round", "act_confirm_plan", round.pk), version=Round.objects.get().version)

    assert Round.objects.get().state == "scoring"
    assert (Plan.objects.get().seed, Review.objects.count()) == (5, 4)
    assert {rule.phase for rule in round.rules.all()} == {"scoring", "panel", "closed"}


def test_who_made_a_copy_has_no_button_to_approve_it(staff):
    file = make_files(make_round(), make_organiser(), 1)[0]
    fresh = make_round()
    application = make_candidate(fresh.call)
    mine = actions.add_files(round=fresh, by=staff.user, applications=[application])[0]
    actions.make_copy(file=mine, by=staff.user)

    assert staff.post(act("roundfile", "approve", mine.pk)).status_code == 404
    assert staff.post(act("roundfile", "approve", file.pk)).status_code == 404
    assert ReadingCopy.objects.get(file=mine).approved_at is None


def test_a_paper_is_replaced_or_dropped_on_the_page_of_the_file(staff):
    round = make_round()
    file = actions.add_files(round=round, by=staff.user, applications=[make_candidate(round.call)])[0]
    copy = actions.make_copy(file=file, by=staff.user)
    paper = copy.papers.get()

    press(staff, act("roundfile", "paper", file.pk), paper=paper.pk, upload=upload("plan.pdf", pdf_bytes("Redacted")))
    assert CopyFile.objects.get().finding == "redacted"
    press(staff, act("roundfile", "paper", file.pk), paper=paper.pk)
    assert not CopyFile.objects.exists()


def test_nobody_reads_single_scores_while_they_come_in_and_results_when_all_is_in(client, staff):
    round = make_scoring_round(files=1)
    first, second = round.files.get().reviews.all()
    bring(first, "sent")
    pages = [
        act("round", "change", round.pk), act("round", "results_page", round.pk), act("review", "change", first.pk),
        act("roundfile", "change", round.files.get().pk), act("round", "history", round.pk),
    ]  # fmt: skip

    assert not any("69.0" in staff.get(page).content.decode() for page in pages)

    bring(second, "sent")
    assert "69.0" in staff.get(pages[1]).content.decode()
    client.force_login(make_chair())
    assert "69.0" in client.get(pages[1]).content.decode()


def test_the_results_are_taken_along_as_a_table_which_is_written_down(client, staff):
    round = make_scoring_round(files=1)
    file = round.files.select_related("copy", "application__talent__user").get()
    with pgtrigger.ignore("review.ReadingCopy:an_approved_copy_stays"):
        ReadingCopy.objects.filter(file=file).update(title="=HYPERLINK(0)")
    for review in file.reviews.all():
        bring(review, "sent")

    answer = staff.get(act("round", "results_table", round.pk))

    assert answer["Content-Disposition"] == f'attachment; filename="results-{round.slug}.csv"'
    head, row, *rest = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    figures = dict(zip(head, row, strict=True))
    assert (figures["Rank"], figures["File"], figures["Project"]) == ("1", file.code, "'=HYPERLINK(0)")
    assert (figures["Reviews"], figures["Mean"]) == ("2", "69.0")
    assert [each[0] for each in rest[2:]] == [str(each.expert) for each in file.reviews.order_by("expert__user__name")]
    assert ReadLog.objects.get(reader=staff.user).what == "review.round"
    client.force_login(make_staff("review.view_round"))
    assert client.get(act("round", "results_table", round.pk)).status_code == 404


def test_a_late_review_is_replaced_by_whom_the_page_suggests(staff):
    round = make_scoring_round(files=1)
    fresh = make_expert()
    review = Review.objects.first()

    page = staff.get(act("review", "act_replace", review.pk)).context["form"]
    assert page.fields["to"].initial == fresh
    press(staff, act("review", "act_replace", review.pk), version=review.version, to=fresh.pk)
    press(staff, act("review", "remind", Review.objects.get(expert=fresh).pk))

    assert list(Review.objects.get(expert=fresh).reminders.values_list("step", flat=True)) == ["hand"]
    assert staff.get(act("round", "change", round.pk)).status_code == 200


def test_the_park_keeps_an_expert_off_for_ever(staff):
    round = make_scoring_round(files=1)
    review = Review.objects.first()
    file = round.files.get()

    press(staff, act("roundfile", "aside", file.pk), expert=review.expert_id, kind="family", note="Sister.")
    spare = make_expert()
    offered = staff.get(act("roundfile", "one_more", file.pk)).context["form"].fields["expert"].queryset
    assert list(offered) == [spare]
    press(staff, act("roundfile", "one_more", file.pk), expert=spare.pk)

    recusal = Recusal.objects.get()
    assert staff.get(act("recusal", "change", recusal.pk)).status_code == 200
    assert staff.post(act("recusal", "delete", recusal.pk)).status_code == 403
    assert file.reviews.live().count() == 2


def test_versions_of_a_rubric_are_written_published_and_laid_side_by_side(client):
    editor = make_staff("review.view_rubric", "review.add_rubric", "review.change_rubric", "review.publish_rubric")
    client.force_login(editor)
    rubric = make_rubric()

    press(client, act("rubric", "next_version", rubric.pk))
    draft = Rubric.objects.get(number=2)
    draft.criteria.filter(key="team").update(weight=15)
    assert "add up to 105" in client.post(act("rubric", "publish", draft.pk)).content.decode()
    draft.criteria.filter(key="market").update(weight=25)
    press(client, act("rubric", "publish", draft.pk))
    page = client.get(act("rubric", "compare", draft.pk))

    assert {row["right"].key: row["changed"] for row in page.context["rows"]} == {
        "innovation": False, "market": True, "commercial": False, "team": True,
    }  # fmt: skip
    assert client.post(act("rubric", "change", draft.pk), {"name_en": "x"}).status_code == 403


def test_an_expert_is_written_down_with_lists_of_one_line_each(staff):
    user = make_user(name="Ada Rubin")
    fields = {
        "user": user.email, "background": "technical", "active": "on", "max_load": 9, "sectors": ["medical_devices"],
        "languages": ["en"], "keywords": "optics\n\nendoscopes ", "coauthors": "Zhao Ming", "outside": "on",
    }  # fmt: skip

    press(staff, reverse("admin:review_expert_add"), **fields)

    expert = Expert.objects.get(user=user)
    assert (expert.keywords, expert.coauthors) == (["optics", "endoscopes"], ["Zhao Ming"])
    assert expert.sectors == ["medical_devices"]
    assert staff.get(act("expert", "change", expert.pk)).status_code == 200


def test_the_desk_stays_shut_without_the_duty(client):
    round = make_scoring_round(files=1)
    review = Review.objects.first()
    client.force_login(make_staff())

    for page in (
        act("round", "change", round.pk), act("round", "results_page", round.pk), act("round", "plan", round.pk),
        act("review", "act_replace", review.pk), act("roundfile", "aside", round.files.get().pk),
    ):  # fmt: skip
        assert client.get(page).status_code in (302, 403, 404), page


def test_lists_of_the_desk_cost_the_same_for_more_rows(staff, django_assert_max_num_queries):
    make_scoring_round(files=3, experts=3)
    make_scoring_round(files=2)

    for name in ("round", "roundfile", "review", "expert", "rubric", "recusal"):
        staff.get(reverse(f"admin:review_{name}_changelist"))
        with django_assert_max_num_queries(22):
            staff.get(reverse(f"admin:review_{name}_changelist"))


def test_the_page_of_a_round_costs_the_same_for_more_files(staff, django_assert_max_num_queries):
    round = make_scoring_round(files=5, experts=3)
    staff.get(act("round", "change", round.pk))

    with django_assert_max_num_queries(42):
        staff.get(act("round", "change", round.pk))
