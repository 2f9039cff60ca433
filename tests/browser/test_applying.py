"""An application on a phone, in Chinese, from an empty draft to the receipt, with two others who write along."""

import re
from secrets import token_hex

import pytest
from playwright.sync_api import expect

from tests.walk.person import Person
from tests.walk.portal import text_of
from tests.walk.scholar import ANSWERS, PAPERS, Scholar, answer, fill_task, sign_up, tasks, upload

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
EDITOR, SIGNER = "scholar2@talent.example", "scholar3@talent.example"


@pytest.fixture(scope="module")
def walk() -> dict:
    """What one test leaves to the next: browsers stay open, as in one afternoon."""
    return {}


@pytest.fixture(scope="module")
def arrive(browser, portal):
    people = []

    def open_browser(language: str, **options) -> Person:
        people.append(Person(browser, portal, language, **options))
        return people[-1]

    yield open_browser
    for each in people:
        each.leave()


def autosaved(at: Person, name: str, text: str) -> int:
    """Type into a field, and return what the portal answers to the save that follows by itself."""
    with at.page.expect_response(re.compile("/autosave/$")) as answered:
        at.page.fill(f"[name={name}]", text)
    return answered.value.status


def fits_the_phone(at: Person) -> None:
    assert at.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], at.where


def test_a_draft_begins_on_a_phone(arrive, portal, walk):
    who = Scholar("zh-hans", email=f"lin.yu.{token_hex(3)}@optics.example")
    lin = arrive("zh-hans", viewport=PHONE)

    sign_up(lin, who, portal)
    lin.go("/me/applications/new/?living=back_year&degree=doctor_abroad&field=optoelectronic_information&company=none")
    lin.sees("Your answers from the self-check are filled in. Change what is wrong.")
    lin.press("Start the draft")

    lin.sees("Done is not sent.")
    fits_the_phone(lin)
    assert lin.complaints == []
    walk |= {"lin": lin, "draft": lin.where, "email": who.email}


def test_two_others_join_by_the_link_of_a_mail(arrive, portal, walk):
    lin, draft = walk["lin"], walk["draft"]
    for address, role, signs in ((EDITOR, "editor", False), (SIGNER, "editor", True)):
        lin.go(f"{draft}team/")
        lin.page.fill("[name=email]", address)
        lin.page.locator(f"section:has(#invite) [name=role][value={role}]").check()
        if signs:
            lin.page.locator("section:has(#invite) [name=signs]").check()
        lin.press("Send the invitation")
        lin.reads(address)
        fits_the_phone(lin)

        invited = arrive("en")
        invited.sign_in(address)
        letter = text_of(portal.mail(address, "invites you to an application"))
        invited.go(re.search(r"http\S+?(/me/invitations/\S+)", letter)[1])
        invited.press("Take part")
        invited.sees("Done is not sent.")
        walk[address] = invited
    assert lin.complaints == []


def test_two_race_on_one_task_and_neither_overwrites_the_other(walk):
    lin, first, second, draft = walk["lin"], walk[EDITOR], walk[SIGNER], walk["draft"]
    for each in (first, second):
        each.go(f"{draft}idea/")
    assert autosaved(first, "title", ANSWERS["title"]) == 200
    assert autosaved(second, "title", "Mine instead") == 409
    expect(second.page.locator("[data-save-state]").first).to_contain_text("is editing this task now")
    second.press("Save and continue")

    second.reads("is editing this task.")
    expect(second.page.locator("[name=title]")).to_have_value("Mine instead")  # nothing typed is lost
    lin.go(draft)
    row = lin.main.locator("ul.tasks li", has=lin.page.locator(f"a[href$='{draft}idea/']"))
    expect(row.locator(".tag")).to_contain_text("正在编辑")
    task = next(task for task in tasks() if task["key"] == "idea")
    fill_task(first, task)
    lin.go(f"{draft}idea/")
    expect(lin.page.locator("[name=title]")).to_have_value(ANSWERS["title"])
    second.complaints.clear()  # the browser notes the two answers of 409
    assert lin.complaints == first.complaints == []


def test_what_is_typed_without_a_connection_is_kept_and_saved_later(walk):
    lin, draft = walk["lin"], walk["draft"]
    lin.go(f"{draft}market/")
    lin.page.context.set_offline(True)
    lin.page.fill("[name=customers]", ANSWERS["customers"])
    line = lin.page.locator("[data-save-state]").first
    expect(line).to_have_class(re.compile("is-off"))
    kept = lin.page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('draft:')).length")

    with lin.page.expect_response(re.compile("/autosave/$")) as answered:
        lin.page.context.set_offline(False)
        lin.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(line).not_to_have_class(re.compile("is-off"))

    assert (kept, answered.value.status) == (1, 200)
    lin.page.reload()
    expect(lin.page.locator("[name=customers]")).to_have_value(ANSWERS["customers"])
    assert lin.page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
    lin.complaints.clear()  # the browser notes each request that could not go out


def test_the_application_is_filled_in_confirmed_and_sent_from_the_phone(walk, portal):
    lin, signer, draft = walk["lin"], walk[SIGNER], walk["draft"]
    for task in tasks():
        lin.go(f"{draft}{task['key']}/")
        fits_the_phone(lin)
        if task.get("kind") == "papers":
            upload(lin, "business_plan", PAPERS["business_plan"])
            section = lin.main.locator("section#degree_certificate")
            section.locator("summary").click()
            section.locator("textarea").fill("学校7月颁发证书。")
            section.locator("button[name=excuse]").click()
            lin.reads("学校7月颁发证书。")
            lin.press("Save and continue")
        elif task.get("kind") == "stays":
            lin.follow("Add an entry")
            stay = {"place": "Institute of Optics, Jena", "country": "DEU", "kind": "work", "what": "Postdoc",
                    "began_on": (10, 2019), "ended_on": (8, 2026)}  # fmt: skip
            for key, value in stay.items():
                answer(lin, key, value)
            lin.press("Save this entry")
            lin.press("Save and continue")
        else:
            fill_task(lin, task)
    expect(lin.main.get_by_role("heading", level=1)).to_have_text(lin.say("Check your answers"))
    lin.sees("It can be sent when all have confirmed it.")
    lin.reads("学校7月颁发证书。")
    fits_the_phone(lin)

    signer.go(f"{draft}check/")
    signer.press("Confirm")
    signer.sees("Confirmed. If somebody changes a word of it, you are asked again.")
    lin.go(f"{draft}check/")
    lin.page.check("[name=says_true]")
    lin.page.check("[name=agrees_to_storage]")
    lin.press("Send application")

    lin.sees("Your receipt")
    ref = re.search(r"LJ-\d{4}-\d{4}", lin.text())[0]
    lin.reads(re.search(r"RC-\d{4}-\d{4}", lin.text())[0])
    fits_the_phone(lin)
    assert portal.mail(walk["email"], ref)
    assert lin.page.request.get(lin.path(f"/me/applications/{ref}/pdf/")).body()[:5] == b"%PDF-"
    assert lin.complaints == signer.complaints == []
