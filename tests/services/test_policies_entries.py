"""What a policy brings and asks, written in rows: nothing that stands with an entry is lost."""

import json
import re
from html import unescape

import pytest
import yaml
from django.conf import settings

from park.workflow.actions import GuardFailed
from services.claims import fitting
from services.policies import actions
from services.policies.admin_forms import Revision
from services.policies.entry_forms import Entries
from services.policies.scope import caps, kinds_are_known
from tests.factories.policies import make_draft, make_version

REAL = yaml.safe_load((settings.BASE_DIR / "services/demo/data/policies.yaml").read_text(encoding="utf-8"))["policies"]


def sent(page: str) -> dict[str, str]:
    """Return what a browser sends of rows that nobody touched."""
    inputs = re.findall(r"<input[^>]*>", page)
    return {
        re.search(r'name="([^"]+)"', each)[1]: unescape((re.search(r'value="([^"]*)"', each) or ["", ""])[1])
        for each in inputs
    } | {
        name: (re.search(r'value="([^"]*)"[^>]*selected', choices) or ["", ""])[1]
        for name, choices in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    }


@pytest.mark.parametrize("part", ["benefit", "documents", "steps"])
def test_the_real_lists_opened_and_saved_unchanged_stay_what_they_were(part):
    rows = Entries(paid=part == "benefit")

    for policy in REAL:
        kept = rows.value_from_datadict(sent(rows.render("x", json.dumps(policy[part]), {})), {}, "x")
        assert json.loads(kept) == policy[part]


def test_what_a_benefit_is_is_chosen_and_not_read_off_its_ceiling():
    typed = {"x.0.zh": "贷款", "x.0.en": "A loan", "x.0.amount_max": "200,000", "x.0.type": "loan",
             "x.1.zh": "补助", "x.1.amount_max": "50,000", "x.1.type": "cash", "x.2.zh": "", "x.3.zh": "服务",
             "x.3.amount_max": "9"}  # fmt: skip

    benefits = json.loads(Entries(paid=True).value_from_datadict(typed, {}, "x"))

    assert [each["type"] for each in benefits] == ["loan", "cash", ""]
    assert caps(benefits) == [50_000]
    assert not kinds_are_known(benefits) and kinds_are_known(benefits[:2])


@pytest.mark.django_db
def test_a_benefit_of_which_nobody_said_what_it_is_is_asked_about_and_a_loan_cannot_be_claimed():
    draft = make_draft(benefits=[{"zh": "补助", "en": "A grant", "amount_max": 5}])
    form = Revision({"benefits": json.dumps(draft.benefits)}, instance=draft)
    with pytest.raises(GuardFailed, match="of each benefit what it is"):
        actions.send_for_review(version=draft, by=draft.author)
    loan = make_version(benefits=[{"zh": "贷款", "en": "Loan", "type": "loan", "currency": "CNY", "amount_max": 5}])

    assert form.errors["benefits"] == ["Choose of each benefit what it is: only money can be claimed."]
    assert fitting.benefits_of(loan) == []
