"""An item of a review meeting in real browsers: scored unseen, shown, voted on, proposed, and decided by another."""

import pytest
from playwright.sync_api import expect

from tests.walk.person import Person

pytestmark = pytest.mark.browser
CHAIR = "chair@park.example"
MEETING = "Review meeting, second day"


def to_the_meeting(person: Person, email: str) -> None:
    person.sign_in(email)
    person.go("/review/meetings/")
    person.page.get_by_role("link", name=MEETING).click()
    person.reads(MEETING)


def test_a_file_is_scored_voted_on_and_proposed_in_one_sitting(person):
    members = [person() for _one in range(5)]
    for n, member in enumerate(members, start=1):
        to_the_meeting(member, f"expert{n}@panel.example")
    chair = person()
    to_the_meeting(chair, CHAIR)
    expect(chair.page.locator("#card")).to_contain_text("Being scored")
    expect(chair.page.locator("#card caption")).to_have_count(0)

    for member in members:
        if member.main.get_by_role("button", name="Submit scores").count():
            for scale in member.page.locator("#card fieldset.score").all():
                scale.locator("label", has_text="3").first.click()
            member.press("Submit scores")
            member.reads("Nobody reads it before all are in.")

    expect(chair.page.locator("#card")).to_contain_text("Discussed", timeout=20_000)  # by itself
    expect(chair.page.locator("#card")).to_contain_text("Raw rank so far")
    chair.press("Open the vote")
    for member in members:
        button = member.main.get_by_role("button", name="Vote", exact=True)
        if member.page.locator("#card").get_by_text("You keep off the file on the table").count():
            continue
        expect(button).to_be_visible(timeout=20_000)
        member.main.get_by_label("Recommend", exact=True).check()
        button.click()
        member.reads("Your vote is in.")
    chair.press("Close the vote")
    chair.reads("Result: Recommend")
    chair.press("Propose the result")
    chair.go("/review/meetings/")
    assert all(each.complaints == [] for each in (*members, chair))


def test_the_pages_of_a_meeting_stay_inside_a_phone(person):
    chair = person(viewport={"width": 390, "height": 844})
    to_the_meeting(chair, CHAIR)
    for page in ("", "results/"):
        chair.page.goto(chair.page.url.split("?")[0].removesuffix("results/") + page)
        wide = chair.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
