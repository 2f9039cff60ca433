"""Plain words beside policies, departments asked before approval, questions of tenants, and whether it was clear."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from park.accounts.models import Letter
from park.notices.models import Notice
from park.workflow import clocks
from park.workflow.actions import GuardFailed, MoveRefused, NotYours, history
from park.workflow.models import Clock
from services.interpretation import actions, clockwork, derived
from services.interpretation.models import Article, Clarity, Coordination, Question
from services.interpretation.states import COORDINATION, QUESTION
from services.policies import actions as policies
from services.policies.models import Policy
from services.policies.states import State
from tests.factories.accounts import make_staff, make_user
from tests.factories.interpretation import (
    PUBLIC,
    make_coordination,
    make_department,
    make_involvement,
    make_published,
    make_question,
)
from tests.factories.policies import (
    ARTICLE,
    make_draft,
    make_manager,
    make_officer,
    make_policy,
    make_reviewer,
    make_version,
)
from tests.park.machine_checks import refused_pairs, try_refused_pair

pytestmark = pytest.mark.django_db


def let_time_run_out(record) -> Clock:
    clock = Clock.objects.of(record).get(name="answer")
    Clock.objects.filter(pk=clock.pk).update(
        started_at=clock.started_at - dt.timedelta(40),
        warn_at=timezone.now() - dt.timedelta(2),
        due_at=timezone.now() - dt.timedelta(1),
    )
    return clock


# --- Plain words ------------------------------------------------------------------------------------------------------
def test_a_version_without_plain_words_is_not_sent():
    version = make_draft()
    Article.objects.filter(version=version).delete()

    with pytest.raises(GuardFailed, match="articles in plain words"):
        policies.send_for_review(version=version, by=version.author)


@pytest.mark.parametrize(
    ("wording", "says"),
    [
        ({"contact_zh_hans": ""}, "whom to ask"),
        ({"benefits": []}, "what it brings"),
        ({"is_standing": False}, "when it applies"),
    ],
)
def test_a_version_says_whom_to_ask_what_it_brings_and_when(wording, says):
    version = make_draft(**wording)

    with pytest.raises(GuardFailed, match=says):
        policies.send_for_review(version=version, by=version.author)


def test_what_was_sent_is_fixed_but_the_plain_words_can_be_put_better():
    version, officer = make_version(), make_officer()
    article = version.articles.get()

    with pytest.raises(MoveRefused):
        actions.write_articles(version=version, articles=[ARTICLE], by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(original="第一条")
    with pytest.raises(IntegrityError), transaction.atomic():
        article.delete()

    actions.reword(article=article, plain_en="Companies like yours.", plain_zh_hans="贵公司这样的企业。", by=officer)
    assert Article.objects.get(pk=article.pk).plain_en == "Companies like yours."
    with pytest.raises(NotYours):
        actions.reword(article=article, plain_en="x", plain_zh_hans="x", by=make_manager())


def test_the_next_version_begins_with_the_articles_of_the_one_before():
    first = make_version(slug="grant")

    second = policies.draft_version(slug="grant", about={}, wording={}, by=make_officer())

    assert [each.plain_zh_hans for each in second.articles.all()] == [
        each.plain_zh_hans for each in first.articles.all()
    ]


def test_readers_find_article_and_handbook_in_their_language(client):
    version = make_version(
        documents=[{"en": "Business licence", "zh": "营业执照"}], steps=[{"en": "Hand it in.", "zh": "提交材料。"}]
    )
    slug = version.policy.slug

    text = client.get(reverse("interpretation:text", args=[slug])).content.decode()
    assert 'id="article-1"' in text and "You." in text
    chinese = client.get(f"/zh-hans/policies/{slug}/handbook/").content.decode()
    assert "营业执照" in chinese and "政策服务岗" in chinese
    assert client.get(reverse("interpretation:handbook", args=[make_draft().policy.slug])).status_code == 404


def test_readers_see_what_a_newer_version_changed(client):
    first = make_version(slug="grant", title_en="Grant", summary_en="Up to 10 people.")
    page = reverse("interpretation:text", args=["grant"])
    assert "against version" not in client.get(page).content.decode()

    make_version(slug="grant", title_en="Grant", summary_en="Up to 20 people.", title_zh_hans=first.title_zh_hans)

    shown = client.get(page).content.decode()
    assert "against version 1" in shown and "<mark>20</mark>" in shown


def test_articles_are_made_from_the_parts_of_a_version_without_a_word_of_law():
    version = make_draft(documents=[{"en": "Business licence", "zh": "营业执照"}])

    made = derived.articles_of(version)

    assert [each["heading_en"] for each in made] == [
        "What it is about", "Who can apply", "What it brings", "Which papers are asked for",
    ]  # fmt: skip
    assert made[1]["plain_en"] == "Staff of the company at least 3 people"
    assert all("original" not in each for each in made)


# --- Departments ------------------------------------------------------------------------------------------------------
def test_departments_with_a_part_are_asked_when_a_version_is_sent_and_hold_up_its_approval():
    version, reviewer = make_draft(), make_reviewer()
    part = make_involvement(version.policy)

    policies.send_for_review(version=version, by=version.author)
    asked = Coordination.objects.get(policy_version=version)
    assert (asked.department, asked.asked) == (part.department, part.asked)
    with pytest.raises(GuardFailed, match="has not answered yet"):
        policies.approve(version=version, by=reviewer)

    actions.answer(coordination=asked, by=version.author, note="Yes.", opinion="agrees", answered_by="Ms Li")
    policies.approve(version=version, by=reviewer)
    assert version.state == State.APPROVED


def test_a_silent_department_is_flagged_and_passed_over_with_a_reason_only_when_late():
    version = make_draft()
    asked = make_coordination(version)
    with pytest.raises(GuardFailed, match="still has time"):
        actions.note_silence(coordination=asked, by=version.author, note="They never answer.")

    let_time_run_out(asked)
    clocks.mark("breached", now=timezone.now())
    clocks.mark("breached", now=timezone.now())
    assert list(Notice.objects.filter(kind="department-silent").values_list("recipient", flat=True)) == [
        version.author_id
    ]

    actions.note_silence(coordination=asked, by=version.author, note="Two calls, no answer.")
    policies.send_for_review(version=version, by=version.author)
    policies.approve(version=version, by=make_reviewer())
    assert (asked.state, asked.because) == ("silent", "Two calls, no answer.")


def test_a_department_is_asked_once_about_a_version_and_not_after_its_approval():
    version, department = make_draft(), make_department()
    make_coordination(version, department=department)

    with pytest.raises(MoveRefused):
        make_coordination(version, department=department)
    with pytest.raises(MoveRefused, match="before a version is approved"):
        make_coordination(make_version())


def test_a_department_is_not_asked_again_once_the_version_is_approved():
    version = make_draft()
    asked = make_coordination(version)
    actions.answer(coordination=asked, by=version.author, note="Yes.", opinion="agrees", answered_by="Ms Li")
    policies.send_for_review(version=version, by=version.author)
    policies.approve(version=version, by=make_reviewer())

    with pytest.raises(MoveRefused, match="before a version is approved"):
        actions.ask_again(coordination=asked, by=version.author, note="And the date?")

    assert asked.state == "answered" and Letter.objects.count() == 1
    assert not Clock.objects.of(asked).open().exists()


@pytest.mark.parametrize(("origin", "name"), refused_pairs(COORDINATION))
def test_a_step_with_a_department_that_the_table_does_not_list_is_refused(origin, name):
    asked = make_coordination(make_draft())
    Coordination.objects.filter(pk=asked.pk).update(
        state=origin, answer="Yes.", answered_by="Ms Li", answered_at=timezone.now(), opinion="agrees", because="Late."
    )
    asked.refresh_from_db()

    try_refused_pair(COORDINATION, asked, name, by=make_officer())


# --- Questions --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("topic", "days"), [("practice", 1), ("condition", 3)])
def test_a_question_goes_to_who_wrote_the_policy_with_one_or_three_working_days(topic, days):
    policy = make_policy()

    question = make_question(policy=policy, topic=topic)

    assert question.owner == policy.current.author
    assert Clock.objects.of(question).get().working_days == days
    assert list(Notice.objects.filter(kind="question-asked").values_list("recipient", flat=True)) == [question.owner_id]


def test_only_who_asked_is_told_the_answer_and_everybody_reads_what_is_published(client):
    asker = make_user(name="Wen Yu")
    question, officer = make_question(by=asker, text="Does our intern Bo count?"), make_officer()
    actions.answer_question(question=question, by=officer, note="Bo does not.")
    assert list(Notice.objects.filter(kind="question-answered").values_list("recipient", flat=True)) == [asker.pk]
    page = reverse("interpretation:questions", args=[question.policy.slug])
    assert "Bo does not." not in client.get(page).content.decode()

    with pytest.raises(GuardFailed):
        actions.publish(question=question, by=officer, **PUBLIC | {"public_answer_zh_hans": " "})
    actions.publish(question=question, by=officer, **PUBLIC)

    shown = client.get(page).content.decode()
    assert "Do interns count?" in shown
    assert not any(name in shown for name in ("our intern Bo", "Bo does", "Wen Yu"))
    client.force_login(asker)
    assert "Bo does not." in client.get(page).content.decode()


def test_an_answer_that_is_late_is_told_to_who_has_it():
    question = make_question()
    let_time_run_out(question)

    clocks.mark("warned", now=timezone.now())
    clocks.mark("breached", now=timezone.now())

    told = Notice.objects.filter(kind__in=["question-due", "question-late"], recipient=question.owner)
    assert set(told.values_list("kind", flat=True)) == {"question-due", "question-late"}
    assert clockwork.question_is_late(Clock.objects.none()) is None


def test_a_person_asks_on_the_page_and_takes_the_question_back(client):
    policy, person = make_policy(), make_user()
    page = reverse("interpretation:questions", args=[policy.slug])
    assert client.post(page, {"topic": "practice", "text": "Where do I hand it in?"}).status_code == 302
    assert not Question.objects.exists()

    client.force_login(person)
    assert client.post(page, {"topic": "", "text": "Short"}).status_code == 422
    client.post(page, {"topic": "practice", "text": "Where do I hand it in?"})
    question = Question.objects.get()
    client.force_login(make_user())
    drop = reverse("interpretation:drop_question", args=[policy.slug, question.public_id])
    assert client.post(drop).status_code == 404

    client.force_login(person)
    client.post(drop)
    question.refresh_from_db()
    assert question.state == "dropped"


@pytest.mark.parametrize(("origin", "name"), refused_pairs(QUESTION))
def test_a_step_of_a_question_that_the_table_does_not_list_is_refused(origin, name):
    question = make_question(policy=Policy.objects.first() or make_policy())
    words = {**PUBLIC, "answer": "No.", "answered_by": question.asked_by, "answered_at": timezone.now()}
    Question.objects.filter(pk=question.pk).update(state=origin, published_at=timezone.now(), **words)
    question.refresh_from_db()

    try_refused_pair(QUESTION, question, name, by=make_officer())


def test_the_pages_cost_the_same_for_one_and_for_many(client, django_assert_num_queries):
    policy = make_policy()
    page = reverse("interpretation:questions", args=[policy.slug])
    make_published(policy=policy)
    client.get(page)
    with django_assert_num_queries(3):
        client.get(page)
    make_published(policy=policy), make_published(policy=policy)
    with django_assert_num_queries(3):
        client.get(page)


# --- Was this clear? --------------------------------------------------------------------------------------------------
def test_a_voice_on_clarity_is_counted_once_a_person_or_visit(client):
    version = make_version()
    url = reverse("interpretation:clear", args=[version.policy.slug])

    client.post(url, {"clear": "yes"})
    client.post(url, {"clear": "no"})
    assert list(Clarity.objects.values_list("version", "clear")) == [(version.pk, False)]

    client.force_login(make_user())
    client.post(url, {"clear": "yes"})
    client.post(url, {"clear": "perhaps"})
    assert sorted(Clarity.objects.values_list("clear", flat=True)) == [False, True]


# --- The staff's desk -------------------------------------------------------------------------------------------------
def test_officers_do_all_of_it_in_the_staff_area(client):
    officer = make_staff("policy-officer")
    client.force_login(officer)
    version, question = make_draft(by=officer), make_question()
    department = make_department()

    client.post(
        reverse("admin:interpretation_coordination_add"),
        {"policy_version": version.pk, "department": department.pk, "asked": "Is it right?"},
    )
    asked = Coordination.objects.get()
    assert history(asked).made().get().actor == officer
    client.post(
        reverse("admin:interpretation_coordination_act_answer", args=[asked.pk]),
        {"version": asked.version, "note": "Yes.", "opinion": "agrees", "answered_by": "Ms Li"},
    )
    client.post(
        reverse("admin:interpretation_question_act_answer", args=[question.pk]),
        {"version": question.version, "note": "No."},
    )
    articles = reverse("admin:interpretation_article_of", args=[version.pk])
    read = client.get(articles).context["read"]
    client.post(
        articles,
        {
            "read": read, "form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0,
            "form-0-heading_zh_hans": "第一条", "form-0-plain_zh_hans": "说明",
        },
    )  # fmt: skip

    late = client.post(
        articles,
        {
            "read": read, "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0,
            "form-0-heading_zh_hans": "另一条", "form-0-plain_zh_hans": "迟到的说明",
        },
    )  # fmt: skip
    assert late.status_code == 409 and "迟到的说明" in late.content.decode()
    again = client.post(
        reverse("admin:interpretation_coordination_add"),
        {"policy_version": make_version().pk, "department": department.pk, "asked": "Is this one right?"},
    )
    assert again.status_code == 409 and "Is this one right?" in again.content.decode()

    asked.refresh_from_db(), question.refresh_from_db()
    assert (asked.state, question.state) == ("answered", "answered")
    assert [each.heading_zh_hans for each in version.articles.all()] == ["第一条"]
    for model in ("coordination", "question", "department", "article"):
        assert client.get(reverse(f"admin:interpretation_{model}_changelist")).status_code == 200
    for model, record in (("coordination", asked), ("question", question)):
        assert client.get(reverse(f"admin:interpretation_{model}_change", args=[record.pk])).status_code == 200


def test_articles_typed_while_the_draft_was_sent_come_back_whole(client):
    draft = make_draft()
    client.force_login(make_staff("policy-officer"))
    here = reverse("admin:interpretation_article_of", args=[draft.pk])
    read = client.get(here).context["read"]
    policies.send_for_review(version=draft, by=draft.author)

    page = client.post(here, {
        "read": read, "sent": "0", "form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 1,
        "form-0-heading_zh_hans": "新标题", "form-0-plain_zh_hans": "您。",
        "form-1-heading_zh_hans": "第二条", "form-1-plain_zh_hans": "新写的话。",
    })  # fmt: skip

    shown = page.content.decode()
    assert page.status_code == 409 and "Only the articles of a draft can be rewritten." in shown
    assert all(typed in shown for typed in ("新标题", "第二条", "新写的话。"))
    assert draft.articles.count() == 1
