"""An expert's pages: the way from the queue to sent scores, in order, with and without scripts."""

import pytest
from django.urls import reverse

from incubation.review import actions
from incubation.review.models import Recusal, Review
from tests.factories.accounts import make_user
from tests.factories.review import GOOD, bring, make_chair, make_expert, make_review, make_scoring_round, score, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def expert(client, review):
    client.force_login(review.expert.user)
    return client


def address(review, page="score"):
    return reverse(f"review:{page}", args=[review.ref])


def posted(scores=GOOD, **more) -> dict:
    data = {f"score-{key}": value for key, value in scores.items()}
    return data | {f"reason-{key}": "Shown by two trials." for key in scores} | {"version": "0", "edit": "page"} | more


def test_the_queue_names_what_is_due_and_leads_to_the_declaration_first(expert, review):
    page = expert.get(reverse("review:queue"))

    assert [row["review"] for row in page.context["rows"]] == [review]
    assert address(review, "conflict") in page.content.decode()
    assert expert.get(address(review)).url == address(review, "conflict")


def test_who_declares_no_conflict_reads_the_file(expert, review):
    answer = expert.post(address(review, "conflict"), {"none": "1"})

    assert answer.url == address(review)
    page = expert.get(address(review)).content.decode()
    assert "Printed in one step." in page
    assert 'name="score-innovation"' in page


def test_stepping_aside_and_declining_are_one_form_each(expert, review):
    unsaid = expert.post(address(review, "conflict"), {"aside": "1"})
    assert (unsaid.status_code, Recusal.objects.count()) == (422, 0)

    expert.post(address(review, "conflict"), {"aside": "1", "kind": "rival", "note": ""})

    assert Recusal.objects.get().expert == review.expert
    assert expert.get(address(review)).status_code == 404
    assert expert.get(address(review, "conflict")).status_code == 404
    assert expert.get(reverse("review:queue")).context["rows"] == []


def test_scores_are_sent_without_any_script(expert, review):
    bring(review, "open")

    answer = expert.post(address(review), posted(send="1"), follow=True)

    review.refresh_from_db()
    assert (review.state, str(review.sheets.get().total)) == ("sent", "69.00")
    assert "are in. Thank you." in answer.content.decode()


def test_what_is_missing_is_said_and_what_was_typed_is_kept(expert, review):
    bring(review, "open")

    page = expert.post(address(review), {"score-team": "1", "reason-market": "Two letters.", "send": "1", "edit": "x"})

    assert page.status_code == 422
    said = page.content.decode()
    assert "A score of 1 for “Team and landing” needs a reason." in said
    assert "Choose a score for “Market prospects”." in said
    assert review.scoring.scores["market"] == {"score": None, "reason": "Two letters."}
    assert review.scoring.scores["team"]["score"] == 1


def test_a_page_saves_while_it_is_typed_and_says_when_another_was_faster(expert, review):
    bring(review, "open")
    saved = expert.post(address(review, "autosave"), posted())
    other = expert.post(address(review, "autosave"), posted(edit="another"))

    assert (saved.status_code, other.status_code) == (200, 409)
    assert review.scoring.scores["team"]["score"] == 4
    assert Review.objects.get(pk=review.pk).state == "open"


def test_saving_leads_to_the_next_file(client):
    round = make_scoring_round(files=2)
    expert = round.files.first().reviews.first().expert
    first, second = expert.reviews.order_by("file__code")
    bring(first, "open")
    client.force_login(expert.user)

    answer = client.post(address(first), posted(next="1"))

    assert answer.url == address(second, "conflict")


def test_what_no_keyboard_sends_is_refused(expert, review):
    bring(review, "open")

    assert expert.post(address(review), {"note": "a\0b"}).status_code == 400
    answer = expert.post(address(review), posted({"team": "9" * 40, "market": "-1", "innovation": "x"}, next="1"))
    assert answer.status_code == 302
    assert {entry["score"] for entry in review.scoring.scores.values()} == {None}


def test_pages_of_one_expert_are_not_there_for_anybody_else(client, review):
    other = make_expert().user
    for somebody in (other, make_user(), make_chair()):
        client.force_login(somebody)
        for page in ("score", "conflict"):
            assert client.get(address(review, page)).status_code == 404
        for page in ("autosave", "reopen"):
            assert client.post(address(review, page)).status_code == 404


def test_an_expert_who_no_longer_serves_finds_nothing(expert, review):
    bring(review, "open")
    type(review.expert).objects.filter(pk=review.expert_id).update(active=False)

    assert expert.get(address(review)).status_code == 404
    assert expert.get(reverse("review:queue")).context["rows"] == []


def test_the_search_looks_into_ones_own_copies_only(client):
    round = make_scoring_round(files=2)
    expert = round.files.first().reviews.first().expert
    mine = expert.reviews.first()
    client.force_login(expert.user)

    def found(words):
        return [row["review"] for row in client.get(reverse("review:queue"), {"q": words}).context["rows"]]

    assert found(mine.file.code) == [mine]
    assert found("lumen") == list(expert.reviews.order_by("file__code"))
    assert found(mine.file.application.talent.name) == []
    assert found(mine.file.application.ref) == []


def test_the_queue_costs_the_same_for_one_file_and_for_many(client, django_assert_max_num_queries):
    round = make_scoring_round(files=6)
    expert = round.files.first().reviews.first().expert
    client.force_login(expert.user)

    with django_assert_max_num_queries(14):
        client.get(reverse("review:queue"))


# --- What others think ------------------------------------------------------------------------------------------------
def test_others_are_hidden_until_all_is_in_and_the_phase_opens_them(client):
    round = make_scoring_round(files=1)
    first, second = round.files.get().reviews.order_by("pk")
    bring(first, "open")
    actions.save_scores(
        review=first, by=first.expert.user, note="CANARY-NOTE",
        scores=typed(GOOD) | {"team": {"score": 4, "reason": "CANARY-REASON"}},
    )  # fmt: skip
    actions.send(review=first, by=first.expert.user)
    client.force_login(second.expert.user)
    bring(second, "open")

    def page():
        return client.get(address(second)).content.decode() + client.get(reverse("review:queue")).content.decode()

    assert "CANARY" not in page()
    score(second)
    assert "CANARY" not in page()
    assert client.get(reverse("review:standing", args=[round.slug])).status_code == 403

    actions.call_panel(round=round, by=make_chair())
    assert "CANARY-REASON" in page()
    assert first.expert.user.name not in page()
    assert client.get(reverse("review:standing", args=[round.slug])).status_code == 200

    round.rules.filter(phase="panel").update(comments=False, scores=False, ranking=False)
    assert "CANARY" not in page()
    assert client.get(reverse("review:standing", args=[round.slug])).status_code == 403


def test_who_stepped_aside_from_a_file_finds_it_in_no_ranking(client):
    round = make_scoring_round(files=2, experts=3, minimum=1)
    aside = next(
        review for review in Review.objects.filter(file__round=round) if review.expert.reviews.count() > 1
        or review.file.reviews.count() == 2
    )  # fmt: skip
    file, expert = aside.file, aside.expert
    for review in Review.objects.filter(file__round=round).exclude(pk=aside.pk):
        bring(review, "sent")
    bring(aside, "recused")
    actions.call_panel(round=round, by=make_chair())
    others = expert.reviews.exclude(pk=aside.pk)
    client.force_login(expert.user)

    answer = client.get(reverse("review:standing", args=[round.slug]))

    if others.exists():
        assert [row.rank for row in answer.context["results"].rows] == [1]
        assert file.code not in answer.content.decode()
    else:
        assert answer.status_code == 404
