"""What a policy brings and asks, written in rows: nothing that stands with an entry is lost."""

import json
import re
from html import unescape

import pytest
import yaml
from django.conf import settings

from services.policies.entry_forms import Entries
from services.policies.scope import caps

REAL = yaml.safe_load((settings.BASE_DIR / "services/demo/data/policies.yaml").read_text(encoding="utf-8"))["policies"]


def sent(page: str) -> dict[str, str]:
    """Return what a browser sends of rows that nobody touched."""
    inputs = re.findall(r"<input[^>]*>", page)
    return {
        re.search(r'name="([^"]+)"', each)[1]: unescape((re.search(r'value="([^"]*)"', each) or ["", ""])[1])
        for each in inputs
    }


@pytest.mark.parametrize("part", ["benefit", "documents", "steps"])
def test_the_real_lists_opened_and_saved_unchanged_stay_what_they_were(part):
    rows = Entries(paid=part == "benefit")

    for policy in REAL:
        kept = rows.value_from_datadict(sent(rows.render("x", json.dumps(policy[part]), {})), {}, "x")
        assert json.loads(kept) == policy[part]


def test_a_new_benefit_with_a_ceiling_is_counted_as_money():
    typed = {"x.0.zh": "补助", "x.0.en": "A grant", "x.0.amount_max": "200,000", "x.1.zh": "", "x.2.zh": "服务"}

    benefits = json.loads(Entries(paid=True).value_from_datadict(typed, {}, "x"))

    assert benefits[1:] == [{"zh": "服务"}]
    assert caps(benefits) == [200_000]
