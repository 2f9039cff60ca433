"""An item of a review meeting in real browsers: scored unseen, shown, voted on, proposed, decided by another, told."""

import re

import pytest
from playwright.sync_api import expect

from tests.walk.person import Person
from tests.walk.portal import Portal, text_of

pytestmark = pytest.mark.browser
CHAIR, DECIDER = "chair@park.example", "manager@park.example"
MEETING = "Review meeting, second day"


def to_the_meeting(person: Person, email: str) -> None:
    person.sign_in(email)
    person.go("/review/meetings/")
    person.page.get_by_role("link", name=MEETING).click()
    person.reads(MEETING)


def choose_a_password(person: Person, email: str) -> None:
    """Come in as somebody whose password nobody knows: by the link that the portal sends to their address."""
    person.go("/accounts/password/reset/")
    person.page.fill("[name=email]", email)
    person.press("Send the link")
    mail = text_of(person.portal.mail(email, "password|密码"))
    person.page.goto(re.search(r"http\S+/accounts/password/reset/key/\S+", mail)[0])
    for name in ("password1", "password2"):
        person.page.fill(f"[name={name}]", "Kiefern-im-Schnee-91")
    person.press("Set the password")
    person.go("/accounts/login/")
    person.page.fill("[name=login]", email)
    person.page.fill("[name=password]", "Kiefern-im-Schnee-91")
    person.press("Sign in")
    expect(person.page).not_to_have_url(re.compile("/accounts/login/"))


def proposed_last(portal: Portal) -> int:
    """Return the application that the chair proposed something for just now."""
    return portal.ask(
        "SELECT application_id FROM intake_decision WHERE decided_at IS NULL AND proposed_by_id ="
        " (SELECT id FROM accounts_user WHERE email = %s) ORDER BY proposed_at DESC LIMIT 1", CHAIR,
    )  # fmt: skip


def test_a_file_is_scored_voted_on_proposed_decided_and_told_in_one_sitting(person, portal):
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

    application = proposed_last(portal)
    decider = person()
    decider.sign_in(DECIDER)
    decider.go(f"/admin/intake/application/{application}/change/")
    decider.act("Accept")

    applicant, visitor = person(), person()
    choose_a_password(applicant, portal.ask(
        "SELECT email FROM accounts_user WHERE id = (SELECT user_id FROM profiles_talent WHERE id ="
        " (SELECT talent_id FROM intake_application WHERE id = %s))", application,
    ))  # fmt: skip
    ref = portal.ask("SELECT ref FROM intake_application WHERE id = %s", application)
    applicant.go(f"/me/applications/{ref}/")
    applicant.main.locator("a.btn[href*='/letters/DL-']").first.click()
    letter = re.search(r"/letters/((DL-\d+-\d+)-[^/]+)/", applicant.page.url)
    applicant.reads(letter[2])
    visitor.go(f"/v/{letter[1]}/")
    visitor.reads(letter[2])
    assert all(each.complaints == [] for each in (*members, chair, decider, applicant, visitor))


def test_the_pages_of_a_meeting_stay_inside_a_phone(person):
    chair = person(viewport={"width": 390, "height": 844})
    to_the_meeting(chair, CHAIR)
    for page in ("", "results/"):
        chair.page.goto(chair.page.url.split("?")[0].removesuffix("results/") + page)
        wide = chair.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
