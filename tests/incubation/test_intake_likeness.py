"""People and projects that look like one are suggested with a score and why; what officers say of them is kept."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incubation.intake import actions
from incubation.intake.actions import MoveRefused
from incubation.intake.likeness import people_like, projects_like, weigh
from incubation.intake.models import Application, Likeness
from talents.profiles.actions import sort_key
from talents.profiles.models import Talent
from tests.factories.accounts import make_staff, make_user
from tests.factories.files import make_document
from tests.factories.intake import make_application, make_officer
from tests.factories.profiles import make_talent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def person(name: str, name_zh: str = "", **fields) -> Talent:
    return make_talent(name=name, name_zh=name_zh, name_sort=sort_key(name, name_zh), **fields)


def found(talent: Talent) -> dict[str, int]:
    return {alike.record.name or alike.record.name_zh: alike.per_cent for alike in people_like(talent)}


def test_a_name_in_another_order_or_in_pinyin_is_found():
    zhao = person("Zhao Mingyue", "赵明月")
    person("Mingyue ZHAO")
    person("", "赵明月")
    person("Ewa Kowalska")

    assert set(found(zhao)) == {"Mingyue ZHAO", "赵明月"}
    assert found(person("Zhao Mingyue"))["Zhao Mingyue"] >= 50


def test_each_sign_adds_to_the_score_and_none_makes_more_than_all():
    born = dt.date(1988, 4, 9)
    zhao = person("Zhao Mingyue", born_on=born)
    twin = person("Zhao Mingyue", born_on=born)
    person("Zhao Mingyue")
    person("Ewa Kowalska", born_on=born)  # half the park is born on somebody's day

    scores = {alike.record: alike for alike in people_like(zhao)}

    assert len(scores) == 2
    assert scores[twin].per_cent == 82
    assert scores[twin].why[0] == "born on the same day"
    assert weigh({"passport": True, "mailbox": True, "name": 1.0})[0] < 1


def test_the_same_mailbox_and_the_same_passport_speak_louder_than_names():
    one = person("Anna Nowak", user=make_user(email="anna@talent.example"))
    person("A. N.", user=make_user(email="Anna+2@talent.example"))
    other = person("Joanna K.", user=make_user(email="joanna@talent.example"))
    person("Annabel", user=make_user(email="annabel@talent.example"))
    first = make_document(owner=one.user, kind="passport")
    second = make_document(owner=other.user, kind="passport")
    type(second).objects.filter(pk=second.pk).update(sha256=first.sha256)

    assert found(one) == {"Joanna K.": 98, "A. N.": 90}


def test_the_same_project_is_found_by_its_title_and_by_its_person():
    application = make_application()
    namesake, other = make_application(), make_application()
    Application.objects.filter(pk=other.pk).update(title="Soil sensor for cold regions")
    again = make_application(talent=application.talent)

    alike = {each.record: each.per_cent for each in projects_like(application)}

    assert set(alike) == {namesake, again}
    assert alike[again] > alike[namesake] >= 90


def test_a_pair_is_not_asked_about_again_and_what_was_said_can_be_changed():
    zhao, other = person("Zhao Mingyue"), person("Mingyue Zhao")
    officer = make_officer()

    actions.judge_likeness(one=other, other=zhao, answer="different", by=officer)

    assert found(zhao) == found(other) == {}
    actions.judge_likeness(one=zhao, other=other, answer="same", by=officer, note="Two accounts.")
    said = Likeness.objects.get()
    assert (said.one_person, said.other_person, said.answer) == (zhao, other, "same")
    assert said.history.count() == 2


def test_the_database_takes_only_pairs_of_one_kind_once():
    zhao, other = person("Zhao Mingyue"), person("Mingyue Zhao")
    by = make_officer()

    def keep(**pair):
        with pytest.raises(DatabaseError), transaction.atomic():
            Likeness.objects.create(**{"answer": "same", "by": by} | pair)

    keep(one_person=other, other_person=zhao)
    keep(one_person=zhao, other_person=zhao)
    keep(one_person=zhao)
    keep(one_person=zhao, other_person=other, answer="perhaps")
    with pytest.raises(MoveRefused):
        actions.judge_likeness(one=zhao, other=zhao, answer="same", by=by)
    with pytest.raises(MoveRefused):
        actions.judge_likeness(one=zhao, other=other, answer="same", by=make_staff())


def test_the_case_shows_what_looks_alike_and_officers_say_what_it_is(client):
    application, double = make_application(), make_application()
    Talent.objects.filter(pk=double.talent_id).update(name=application.talent.name)
    client.force_login(make_officer())
    case = reverse("admin:intake_application_change", args=[application.pk])
    say = reverse("admin:intake_application_likeness", args=[application.pk])

    before = client.get(case)
    client.post(say, {"kind": "person", "other": double.talent_id, "answer": "same"})
    client.post(say, {"kind": "project", "other": double.pk, "answer": "different"})
    wrong = client.post(say, {"kind": "project", "other": 0, "answer": "same"}, follow=True)
    after = client.get(case)

    assert len(before.context["alikes"]["people"]) == len(before.context["alikes"]["projects"]) == 1
    assert "the title of the project" in before.text
    assert after.context["alikes"]["people"] == after.context["alikes"]["projects"] == []
    assert [person for person, _cases in after.context["alikes"]["same_people"]] == [double.talent]
    assert double.ref in after.text
    assert "Choose what it looks like" in wrong.text
    assert client.get(say).status_code == 405


def test_looking_for_doubles_costs_the_same_however_many_there_are():
    zhao = person("Zhao Mingyue")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            people_like(zhao)
        return len(captured)

    person("Zhao Mingyue")
    one = cost()
    for _more in range(4):
        person("Zhao Mingyue")

    assert cost() == one <= 4
