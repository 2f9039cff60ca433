"""A department answers one question by the link in its mail: once, in time, and nothing else opens with it."""

import re

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from park.accounts import limits
from park.accounts.models import Letter
from park.notices.models import Notice
from park.workflow.actions import MoveRefused, NotYours, history
from services.interpretation import actions, links
from services.interpretation.models import Coordination
from services.policies import actions as policies
from tests.factories.accounts import make_staff
from tests.factories.interpretation import make_coordination, make_department
from tests.factories.policies import make_draft, make_officer

pytestmark = pytest.mark.django_db
ANSWER = {"opinion": "changes", "note": "The window opens on Mondays only.", "answered_by": "Ms Li, window office"}


def link_in(letter: Letter) -> str:
    found = set(re.findall(r"/departments/[^/\s]+/", letter.text))
    assert len(found) == 1
    return found.pop()


@pytest.fixture
def asked():
    return make_coordination(make_draft(summary_en="A single payment.", summary_zh_hans="一次性资助。"))


def test_a_department_reads_the_draft_and_answers_once_without_an_account(client, asked):
    letter = Letter.objects.get()
    link = link_in(letter)
    page = client.get(link).content.decode()
    chinese = client.get(f"/zh-hans{link}").content.decode()
    nothing = client.post(link, ANSWER | {"note": " "})
    asked.refresh_from_db()
    assert (nothing.status_code, asked.state) == (422, "asked")

    done = client.post(link, ANSWER)

    assert letter.to == asked.department.email and "Is the amount right?" in letter.text
    assert "Is the amount right?" in page and "A single payment." in page and "政策服务岗" in page
    assert "一次性资助。" in chinese
    asked.refresh_from_db()
    assert done.status_code == 200
    assert (asked.state, asked.opinion, asked.answer, asked.answered_by) == ("answered", *ANSWER.values())
    log = history(asked).made().first()
    assert (log.actor, log.reason_code) == (None, "by-link")
    assert Notice.objects.get(kind="department-answered").recipient == asked.asked_by
    again = client.post(link, ANSWER | {"note": "Something else."})
    assert again.status_code == 410 and "A single payment." not in again.content.decode()
    assert Coordination.objects.get().answer == ANSWER["note"]


def test_a_link_that_ran_out_was_overtaken_or_is_not_ours_answers_nothing(client, asked):
    first = link_in(Letter.objects.get())
    with time_machine.travel(timezone.now() + links.LASTS + timezone.timedelta(hours=1)):
        late = client.get(first)
    officer = make_officer()
    actions.answer(coordination=asked, by=officer, note="By telephone.", opinion="agrees", answered_by="Mr Wu")
    actions.ask_again(coordination=asked, by=officer, note="And the date?")
    second = link_in(Letter.objects.order_by("-pk")[0])

    assert late.status_code == 410 and "has run out" in late.content.decode()
    overtaken = client.post(first, ANSWER)
    assert overtaken.status_code == 410 and "asked anew" in overtaken.content.decode()
    strange = signing.dumps([asked.pk, asked.version], salt="another")
    for token in ("sample", strange, signing.dumps("x", salt=links.SALT)):
        assert client.get(reverse("interpretation:department", args=[token])).status_code == 404
    assert client.get(second).status_code == 200 and "And the date?" in client.get(second).content.decode()
    policies.cancel(version=asked.policy_version, by=officer)
    assert client.post(second, ANSWER).status_code == 410
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_officers_see_that_the_department_answered_itself_or_that_its_mail_was_refused(client, asked):
    client.force_login(make_staff("policy-officer"))
    desk = reverse("admin:interpretation_coordination_change", args=[asked.pk])
    Letter.objects.update(state="failed", last_error="SMTPRecipientsRefused 550")
    refused = client.get(desk).content.decode()
    actions.answer(coordination=asked, by=None, version=asked.version, **ANSWER)

    answered = client.get(desk).content.decode()

    assert "Refused (SMTPRecipientsRefused 550): ask by telephone." in refused
    assert "The department, by the link it was sent" in answered


def test_no_line_of_the_log_holds_the_link(client, asked, caplog, monkeypatch):
    link = link_in(Letter.objects.get())
    monkeypatch.setitem(limits.LIMITS, "department-answer", limits.Limit(None, 1, counts="successes"))

    said = [client.post(link, ANSWER | {"note": ""}).status_code for _ in range(2)]
    said += [Client(enforce_csrf_checks=True).post(link, {}).status_code, client.put(link).status_code]
    said.append(client.get(reverse("interpretation:department", args=["no-token"])).status_code)

    assert said == [422, 429, 403, 405, 404]
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("django")]
    assert len(lines) >= len(said) and all("interpretation:department" in line for line in lines)
    assert not any("/departments/" in line for line in lines)


def test_a_link_answers_only_what_is_still_asked(asked):
    Coordination.objects.filter(pk=asked.pk).update(state="silent", because="Two calls.")

    with pytest.raises(NotYours):
        actions.answer(coordination=asked, by=None, **ANSWER)


def test_without_a_link_nobody_answers_for_a_department_and_tries_are_limited(client, asked, monkeypatch):
    actions.call_off(coordination=asked, by=make_officer(), note="Not theirs.")
    with pytest.raises(MoveRefused):
        actions.answer(coordination=asked, by=None, **ANSWER)
    other = make_coordination(asked.policy_version, department=make_department(email="", phone="0431-1"))
    assert Letter.objects.count() == 1  # who has no address is asked by telephone
    monkeypatch.setitem(limits.LIMITS, "department-answer", limits.Limit(None, 1, counts="successes"))
    link = reverse("interpretation:department", args=[links.token_of(other)])

    assert [client.post(link, ANSWER | {"note": ""}).status_code for _ in range(2)] == [422, 429]
