"""A gate from the tenant's wish to the next stage: asked for, checked, scored by two, decided by a second person."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TENANT = "tenant1@company.example"
OFFICER, MANAGER = "intake@park.example", "manager@park.example"
EXPERTS = ("expert1@panel.example", "expert2@panel.example")
ITS_GATE = """
    SELECT g.{column}::text FROM journey_gate g JOIN journey_tenant t ON t.id = g.tenant_id
    JOIN profiles_talent p ON p.id = t.talent_id JOIN accounts_user u ON u.id = p.user_id
    WHERE u.email = %s ORDER BY g.id DESC LIMIT 1
"""


def of_gate(portal, column: str) -> str:
    return portal.ask(ITS_GATE.format(column=column), TENANT)


def ask_to_score(officer, email: str) -> None:
    officer.page.get_by_role("link", name=re.compile(r"(^|\s)Ask somebody to score$")).first.click()
    officer.page.fill("[name=email]", email)
    officer.page.select_option("[name=role]", "expert")
    officer.page.locator("#content-main").get_by_role("button", name="Ask somebody to score").click()
    expect(officer.page.get_by_text("Done: Ask somebody to score.")).to_be_visible()


def test_a_tenant_passes_a_gate(person, portal):
    tenant = person()
    tenant.sign_in(TENANT)
    slug = re.search(r"/c/([^/]+)/", tenant.page.url)[1]
    tenant.go(f"/c/{slug}/path/")
    tenant.reads("5 of 5 conditions are met")
    tenant.page.fill("[name=note]", "The plan stands, and the team is three.")
    tenant.press("Ask for the gate")
    tenant.sees("An officer checks what you have shown. You do not need to do anything.")

    officer = person()
    officer.sign_in(OFFICER)
    case = f"/admin/journey/gate/{of_gate(portal, 'id')}/change/"
    officer.go(case)
    for email in EXPERTS:
        ask_to_score(officer, email)
    officer.act("Hand to the scorers")

    for email in EXPERTS:
        expert = person()
        expert.sign_in(email)
        expert.go(f"/gates/{of_gate(portal, 'public_id')}/")
        for key in ("team", "technology", "market", "money", "progress"):
            expert.page.locator(f"[name=score_{key}][value='4']").check(force=True)
        expert.page.locator("[name=advice][value=pass]").check(force=True)
        expert.press("Send the score")
        expert.sees("of 100, sent. Other scores stay with the park.")
        assert expert.complaints == []

    manager = person()
    manager.sign_in(MANAGER)
    manager.go(case)
    manager.act("Let through the gate")

    tenant.go(f"/c/{slug}/path/")
    tenant.reads("You stand in the stage “Enterprise pre-incubation” since")
    assert of_gate(portal, "state") == "passed"
    assert tenant.complaints == []
