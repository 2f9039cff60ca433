"""A tenant's way to its money: the notice, why the policy fits, what is missing, and the claim with its receipt."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TENANT, POLICY = "tenant3@company.example", "ccxq-incremental-2025"


def test_from_the_notice_to_the_receipt_of_a_claim(person, portal):
    tenant = person()
    tenant.sign_in(TENANT)
    slug = re.search(r"/c/([^/]+)/", tenant.page.url)[1]
    tenant.go("/me/notifications/")
    tenant.reads("Changchun New Area incremental policy measures")

    tenant.go(f"/policies/{POLICY}/?for={slug}")
    expect(tenant.page.locator("#match-verdict")).to_have_text(re.compile("fit"))
    tenant.sees("Needs your attention")
    tenant.page.locator("aside").get_by_role("link", name=re.compile("Start the claim|Claim another benefit")).click()
    expect(tenant.page.get_by_role("heading", name="What happens")).to_be_visible()
    tenant.page.get_by_label(re.compile("National innovative or Torch key HNTE")).check(force=True)
    tenant.press("Start the claim", exact=False)

    tenant.sees("Done is not sent.")
    tenant.page.get_by_role("link", name="How much, and for what").first.click()
    tenant.page.fill("[name=amount]", "900000")
    tenant.press("Save and continue", exact=False)
    tenant.sees("The policy pays CN¥200,000 at the most for this.")
    tenant.page.fill("[name=amount]", "120000")
    tenant.press("Save and continue", exact=False)
    tenant.page.get_by_role("link", name="Where the money goes").first.click()
    tenant.page.fill("[name=bank_name]", "Bank of Changchun, Nanhu")
    tenant.page.fill("[name=number]", "2299 0011 2233 4455")
    tenant.press("Save and continue", exact=False)
    waiting = tenant.page.locator(".tasks li", has_text="Not started")
    while waiting.count():
        waiting.first.get_by_role("link").click()
        tenant.page.fill("[name=absent_because]", "It is on its way.")
        tenant.press("Save and continue", exact=False)
    tenant.page.locator("aside").get_by_role("link", name="Check and send").click()
    tenant.sees("CN¥120,000")
    tenant.page.locator("[name=declared]").check(force=True)
    tenant.press("Send the claim", exact=False)

    tenant.reads("Sent. Your reference is C-")
    tenant.go(f"/c/{slug}/money/")
    tenant.reads("At the latest by")
    assert all("422" in complaint for complaint in tenant.complaints)  # the amount that was refused, and no more
