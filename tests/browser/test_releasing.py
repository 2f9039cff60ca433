"""The officers' way of a policy: captured with its document, written, checked by another, released, and read of."""

import re
from secrets import token_hex

import pytest
from playwright.sync_api import expect

from tests.factories.files import pdf_bytes
from tests.walk.person import Person

pytestmark = pytest.mark.browser
AUTHOR, SECOND, MANAGER, OWNER = (
    "policy@park.example", "policy2@park.example", "manager@park.example", "tenant3@company.example"
)  # fmt: skip


@pytest.fixture(scope="module")
def policy() -> dict:
    """What the policy is called; every run captures one of its own."""
    mark = token_hex(3)
    return {
        "slug": f"night-lab-{mark}", "title": f"Nights in the laboratory {mark}", "zh": f"夜间实验室补助{mark}",
        "department": f"Office of quiet nights {mark}",
    }  # fmt: skip


def write(person: Person, **fields: str) -> None:
    for name, text in fields.items():
        person.page.fill(f'[name="{name}"]', text)


def tab(person: Person, name: str) -> None:
    person.page.locator("nav a", has_text=re.compile(rf"^\s*{name}")).first.click()


def save(person: Person) -> None:
    person.page.get_by_role("button", name="Save and continue editing").click()
    expect(person.page.get_by_text("was changed successfully")).to_be_visible()


def capture(officer: Person, policy: dict) -> None:
    """Write down what a document says it is, and keep the document; the draft opens."""
    officer.go("/admin/policies/policy/add/")
    write(
        officer, slug=policy["slug"], region="CN-JL-CC", issuing_body_en="City Office", issuing_body_zh_hans="市办公室",
        source_document=f"Notice {policy['slug']}", title_en=policy["title"], title_zh_hans=policy["zh"],
        summary_zh_hans="为夜间实验提供补助。", summary_en="Pays for work at night.",
    )  # fmt: skip
    chosen = {"level": "municipal", "kind": "subsidy", "applicant": "enterprise", "confidence": "high"}
    for name, value in chosen.items():
        officer.page.select_option(f"[name={name}]", value)
    notice = {"name": "notice.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes(policy["title"])}
    officer.page.set_input_files("[name=source_file]", notice)
    officer.page.get_by_role("button", name="Save", exact=True).click()
    expect(officer.page.get_by_text("Complete the draft, then send it for review.")).to_be_visible()
    expect(officer.page.get_by_role("link", name=re.compile("notice.pdf · SHA-256"))).to_be_visible()


def word(officer: Person) -> None:
    """Say what it brings, when it applies and whom to ask."""
    tab(officer, "What it brings and asks")
    write(officer, **{
        "benefits.0.zh": "每年1万元", "benefits.0.en": "CNY 10,000 a year", "benefits.0.amount_max": "10,000",
        "documents.0.zh": "营业执照", "documents.0.en": "Business licence",
    })  # fmt: skip
    officer.page.select_option("[name='benefits.0.type']", "cash", force=True)
    tab(officer, "Dates and notes")
    officer.page.get_by_label("at any time", exact=False).check(force=True)
    write(officer, contact_zh_hans="政策服务岗", contact_en="Policy desk")
    save(officer)


def rule(officer: Person) -> None:
    """Build one condition from the vocabulary, and read it back in words and numbers."""
    officer.page.get_by_role("link", name="Change the conditions").first.click()
    officer.page.get_by_role("link", name="Add a condition").click()
    officer.page.select_option("[name=fact]", "enterprise.headcount", force=True)
    officer.page.get_by_role("button", name="Go on").click()
    officer.page.fill("[name=value]", "2")
    officer.page.get_by_role("button", name="Keep the condition").click()
    expect(officer.page.get_by_role("region", name="The rule in words")).to_contain_text("2")
    expect(officer.page.get_by_role("region", name="What is wrong with it")).to_contain_text("Nothing was found.")


def cases(officer: Person) -> None:
    """Write down of whom the rule must say what; it says so today."""
    officer.page.get_by_role("link", name=re.compile("^Nights in the laboratory")).first.click()
    tab(officer, "Golden cases")
    for n, (about, staff, expected) in enumerate((("Two people", 2, "fits"), ("Alone", 1, "may_fit"))):
        officer.page.locator("#golden_cases-group .add-row").click()
        case = f"golden_cases-{n}-"
        write(officer, **{f"{case}name_en": about, f"{case}name_zh_hans": f"{staff}人"})
        officer.page.locator("#golden_cases-group").get_by_label("Staff of the company").nth(n).fill(str(staff))
        officer.page.select_option(f"[name={case}expected]", expected)
    save(officer)
    tab(officer, "Golden cases")
    expect(officer.page.locator("#golden_cases-group").get_by_text("✓")).to_have_count(2)


def articles(officer: Person) -> None:
    tab(officer, "General")
    officer.page.get_by_role("link", name="Articles in plain words").click()
    write(officer, **{
        "form-0-heading_en": "Whom it is for", "form-0-heading_zh_hans": "适用对象",
        "form-0-plain_en": "Companies of two people and more.", "form-0-plain_zh_hans": "两人及以上的企业。",
    })  # fmt: skip
    officer.page.get_by_role("button", name="Save", exact=True).click()
    expect(officer.page.get_by_text("The articles are written.")).to_be_visible()
    officer.page.get_by_role("link", name=re.compile("^Nights in the laboratory")).first.click()


def department(officer: Person, policy: dict) -> None:
    """Give a department its part: it is asked with the sending."""
    case = officer.page.url
    officer.page.get_by_role("link", name="Departments and their parts").click()
    officer.page.get_by_role("link", name=re.compile("^add$|Add department")).first.click()
    write(officer, name_zh_hans=f"夜间处{policy['slug']}", name_en=policy["department"], phone="0431 8765 4321")
    officer.page.locator("#involvements-group .add-row").click()
    officer.page.locator("#involvements-group .form-row .select2-selection").first.click()
    officer.page.locator(".select2-search__field").fill(policy["slug"])
    officer.page.get_by_role("option", name=policy["slug"]).click()
    write(officer, **{"involvements-0-asked": "Do you agree?"})
    officer.page.get_by_role("button", name="Save", exact=True).click()
    expect(officer.page.get_by_text("was added successfully")).to_be_visible()
    officer.page.goto(case)


def test_a_policy_goes_from_its_document_to_the_reader_it_fits(person, policy):
    author = person()
    author.sign_in(AUTHOR)
    capture(author, policy)
    word(author)
    rule(author)
    cases(author)
    articles(author)
    department(author, policy)
    case = author.page.url
    author.act("Send for review")
    author.page.get_by_role("link", name="Departments asked").last.click()
    author.page.get_by_role("link", name=policy["department"]).click()
    author.act("Write down its answer", note="Yes, with pleasure.", answered_by="Head of office Li")

    second = person()
    second.sign_in(SECOND)
    second.go(case)
    second.act("Approve")

    manager = person()
    manager.sign_in(MANAGER)
    manager.go(case)
    manager.page.get_by_role("link", name="See whom it would reach").click()
    manager.page.get_by_role("button", name="See whom it would reach").click()
    expect(manager.page.get_by_role("navigation", name="Lists")).to_contain_text("Fit")
    expect(manager.page.get_by_role("region", name="At the most")).to_contain_text("CN¥10,000 a tenant")
    manager.page.get_by_role("button", name=re.compile("^Release and tell")).click()
    expect(manager.page.get_by_text("Released. The park is judging and telling now")).to_be_visible()
    told = manager.page.locator("dl div", has_text="Told in the portal").locator("dd")
    expect(told).to_have_text(re.compile("[1-9]"), timeout=20_000)  # by itself

    owner = person()
    owner.sign_in(OWNER)
    owner.go("/me/notifications/")
    owner.reads(policy["title"])
    assert all(each.complaints == [] for each in (author, second, manager, owner))
