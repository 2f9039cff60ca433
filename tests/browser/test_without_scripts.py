"""The applicant's way in a browser that runs no scripts: from signing up to the receipt, by forms and links alone."""

import re
from secrets import token_hex

import pytest

from tests.walk.scholar import Scholar, add_papers, answer, fill_task, sign_up, start_draft, tasks

pytestmark = pytest.mark.browser


def test_an_application_is_begun_filled_in_and_sent(person, portal):
    who = Scholar("en", email=f"lin.yu.{token_hex(3)}@optics.example")
    lin = person("en", java_script_enabled=False)
    sign_up(lin, who, portal)
    draft = start_draft(lin)
    for task in tasks():
        lin.go(f"{draft}{task['key']}/")
        if task.get("kind") == "papers":
            add_papers(lin)
        elif task.get("kind") == "stays":
            lin.follow("Add an entry")
            for key, value in {"place": "Institute of Optics, Jena", "country": "DEU", "kind": "work",
                               "began_on": (10, 2019), "ended_on": (8, 2026)}.items():  # fmt: skip
                answer(lin, key, value)
            lin.press("Save this entry")
            lin.go(f"{draft}{task['key']}/")
            lin.press("Save and continue")
        else:
            fill_task(lin, task)
    lin.page.check("[name=says_true]")
    lin.page.check("[name=agrees_to_storage]")
    lin.press("Send application")

    lin.sees("Your receipt")
    ref = re.search(r"LJ-\d{4}-\d{4}", lin.text())[0]
    lin.go(f"/me/applications/{ref}/")
    lin.sees("We have it and look at it next")
