"""What the scholar of the walk is called, does and answers."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.factories.files import pdf_bytes
from tests.walk.person import QUESTIONS, Person
from tests.walk.portal import Portal

ANSWERS = {
    "name": "Lin Yu",
    "name_zh": "林屿",
    "born_on": (9, 4, 1988),
    "nationality": "CHN",
    "degree": "doctor",
    "degree_abroad": "yes",
    "specialty": "Flat lenses",
    "returned_on": (9, 2026),
    "stage": "project_pre",
    "legal_form": "none",
    "title": "Flat lenses for dim light",
    "sector": "optoelectronic_information",
    "summary": "A lens as thin as paper. For cameras that must see at night.",
    "product": "We etch the lens into glass. A prototype sees by starlight.",
    "novelty": "One etching step in place of seven.",
    "ip_owner": "me",
    "patents_granted": "2",
    "customers": "Makers of traffic cameras.",
    "readiness": "prototype",
    "team_size": "3",
    "team": "Optics, etching, sales.",
    "full_time": "yes",
    "need": "1200000",
    "own": "200000",
    "milestones": "3: a pilot line. 6: ten customers. 12: a company.",
    "services": ["laboratory", "ip"],
    "area": "80",
}
PAPERS = {"business_plan": "business-plan.pdf", "degree_certificate": "degree.pdf"}


@dataclass
class Scholar:
    """An applicant: one address, one password, as many devices as they like."""

    language: str
    email: str
    password: str = "starlight over the quarry 9"
    ref: str = ""
    seen: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return ANSWERS["name"] if self.language == "en" else ANSWERS["name_zh"]


def sign_up(at: Person, who: Scholar, portal: Portal) -> None:
    """Register, read the code from the mail that came, and type it."""
    at.go("/accounts/signup/")
    for name in ("name", "name_zh"):
        at.page.fill(f"[name={name}]", ANSWERS[name])
    at.page.fill("[name=email]", who.email)
    for name in ("password1", "password2"):
        at.page.fill(f"[name={name}]", who.password)
    at.page.select_option("[name=time_zone]", "Europe/Berlin")
    at.page.check("[name=agreed]")
    at.press("Register")
    at.sees("Confirm your email address")
    subject = at.say("%(code)s is your code for %(site_name)s", code=r"(\S+)", site_name="Parasol")
    letter = portal.mail(who.email, subject)
    at.page.fill("[name=code]", re.search(subject, str(letter["Subject"]))[1])
    at.press("Confirm the code")
    expect(at.page.locator(".head-tools .avatar")).to_be_visible()


def sign_in(at: Person, who: Scholar) -> None:
    at.go("/accounts/login/")
    at.page.fill("[name=login]", who.email)
    at.page.fill("[name=password]", who.password)
    at.press("Sign in")
    expect(at.page.locator(".head-tools .avatar")).to_be_visible()


def answer(at: Person, key: str, value) -> None:
    """Answer one question, whatever kind of control it has."""
    if isinstance(value, tuple):
        for box, number in zip(("day", "month", "year")[-len(value) :], value, strict=True):
            at.page.fill(f"[name={key}_{box}]", str(number))
    elif isinstance(value, list):
        for each in value:
            at.page.check(f"[name={key}][value={each}]")
    else:
        control = at.page.locator(f"[name={key}]").first
        if control.get_attribute("type") == "radio":
            at.page.check(f"[name={key}][value={value}]")
        elif control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def tasks() -> list[dict]:
    return [task for part in QUESTIONS["parts"] for task in part["tasks"]]


def fill_task(at: Person, task: dict) -> None:
    """Answer the questions of the task on the screen and go on."""
    expect(at.main.get_by_role("heading", level=1)).to_have_text(at.written(task))
    for question in task["fields"]:
        if question["key"] in ANSWERS:
            answer(at, question["key"], ANSWERS[question["key"]])
    at.press("Save and continue")


def upload(at: Person, paper: str, name: str) -> None:
    section = at.main.locator(f"section#{paper}")
    section.locator(f"input[name={paper}-file]").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": pdf_bytes(paper)}
    )
    section.get_by_role("button", name=at.say("Add the file")).first.click()
    expect(at.main.locator(f"section#{paper} .files")).to_contain_text(name)


def start_draft(at: Person) -> str:
    """Answer what decides which questions follow, begin a draft, and return its address."""
    at.go("/me/applications/new/")
    for key, value in {"abroad": "yes", "sector": ANSWERS["sector"], "company": "no"}.items():
        answer(at, key, value)
    at.press("Start the draft")
    at.sees("Done is not sent.")
    return at.where


def add_papers(at: Person) -> None:
    for paper, name in PAPERS.items():
        upload(at, paper, name)
    at.press("Save and continue")
