"""What the editor of forms refuses, each with a sentence in both languages."""

import copy
import json

import pytest
from django.utils import translation

from incubation.intake.faults import faults_of
from incubation.intake.seeds import DATA
from tests.incubation.test_intake_questions import CHOICES, question, rule


def a_form(*fields, papers=(), **task):
    title = question("title", column="title")
    texts = {"label_en": "T", "label_zh": "T"}
    tasks = [{"key": "t", **texts, "fields": [title, *fields], **task}]
    if papers:
        tasks.append({"key": "papers", "kind": "papers", **texts, "papers": list(papers)})
    return {"parts": [{"key": "p", "label_en": "P", "label_zh": "P", "tasks": tasks}]}


def beside(*tasks):
    """A form with a second part of these tasks."""
    return {"parts": [*a_form()["parts"], {"key": "x", "label_en": "X", "label_zh": "X", "tasks": list(tasks)}]}


def task(*fields):
    return {"key": "y", "label_en": "Y", "label_zh": "Y", "fields": list(fields)}


def paper(**more):
    return {"key": "cv", "kind": "cv", "label_en": "CV", "label_zh": "简历", **more}


YES_NO = question("q", "yes_no")
CHOICE = question("c", "choice", choices=CHOICES)
NUMBER = question("n", "whole_number", max=10)
TWICE = {"version": 1, "all": [
    {"fact": "t.c", "op": "eq", "value": "a"}, {"fact": "t.c", "op": "eq", "value": "b"}]}  # fmt: skip
BROKEN = {
    "a part is no part": ("shape", {"parts": [7]}),
    "a question has no type": ("shape", a_form({"key": "q"})),
    "an unknown attribute": ("attribute", a_form(question("q", colour="red"))),
    "an unknown type": ("type", a_form(question("q", "song"))),
    "an unknown kind of task": ("task_kind", a_form(kind="song")),
    "a choice without choices": ("choices", a_form(question("q", "choice"))),
    "a choice given twice": ("choices", a_form(question("q", "choice", choices=[*CHOICES, CHOICES[0]]))),
    "an unknown list": ("source", a_form(question("q", "choice", source="songs"))),
    "two questions of one key": ("double", a_form(question("q"), question("q"))),
    "a key that is no key": ("key", a_form(question("What is it"))),
    "a task with the key of another page": ("key", a_form(key="check")),
    "a missing language": ("language", a_form(question("q", label_zh=""))),
    "a hint in one language": ("language", a_form(question("q", hint_en="Short"))),
    "a choice in one language": (
        "language", a_form(question("q", "choice", choices=[{"value": "a", "label_en": "A"}])),
    ),
    "a fact the profile does not know": ("fact", a_form(question("q", fact="shoe_size"))),
    "a fact of another type": ("fact", a_form(question("q", "money", fact="born_on"))),
    "a fact asked twice": ("asked_twice", a_form(question("q", fact="name"), question("r", fact="name"))),
    "an unknown kind of paper": ("paper_kind", a_form(papers=[paper(kind="song")])),
    "a paper needed always and sometimes": (
        "required", a_form(YES_NO, papers=[paper(required=True, required_when=rule("t.q", "is_true"))]),
    ),
    "a condition on a later question": ("later", a_form(question("a", when=rule("t.q", "is_true")), YES_NO)),
    "a condition on itself": ("later", a_form(question("a", "yes_no", when=rule("t.a", "is_true")))),
    "a condition on a question inside entries": (
        "later",
        a_form(question("e", "entries", fields=[YES_NO]), question("a", when=rule("t.e.q", "is_true"))),
    ),
    "a condition on no question": ("stranger", a_form(question("a", when=rule("t.gone", "is_true")))),
    "a condition on a text": ("incomparable", a_form(question("a", when=rule("t.title", "eq", "x")))),
    "a condition with no such answer": ("rule", a_form(CHOICE, question("a", when=rule("t.c", "eq", "z")))),
    "a condition out of range": ("rule", a_form(NUMBER, question("a", when=rule("t.n", "gt", 10)))),
    "a condition that is always met": ("rule", a_form(NUMBER, question("a", when=rule("t.n", "gte", 0)))),
    "conditions that exclude each other": ("rule", a_form(CHOICE, question("a", when=TWICE))),
    "a condition that asks for nothing": ("rule", a_form(question("a", when={"version": 1, "all": []}))),
    "a needed question nobody can reach": (
        "unreachable",
        a_form(
            CHOICE, question("b", "yes_no", when=rule("t.c", "eq", "a")),
            question("d", "yes_no", when=rule("t.b", "is_true")),
            question("a", when={"version": 1, "all": [
                {"fact": "t.d", "op": "is_true"}, {"fact": "t.c", "op": "eq", "value": "b"}]}),
        ),
    ),
    "a paper that can never be needed": (
        "unreachable",
        a_form(CHOICE, papers=[paper(when=rule("t.c", "eq", "a"), required_when=rule("t.c", "eq", "b"))]),
    ),
    "entries in entries": (
        "nested", a_form(question("e", "entries", fields=[question("f", "entries", fields=[YES_NO])])),
    ),
    "more entries at least than at most": ("range", a_form(question("e", "entries", min=3, max=2, fields=[YES_NO]))),
    "half an entry": ("range", a_form(question("e", "entries", min=0.5, max=2, fields=[YES_NO]))),
    "a form of nothing": ("nothing", {"parts": []}),
    "an empty part": ("empty_part", beside()),
    "an empty task": ("empty_task", beside(task())),
    "entries that ask for nothing": ("empty_entries", a_form(question("e", "entries", fields=[]))),
    "a form that asks for no title": ("no_title", {"parts": [beside(task(YES_NO))["parts"][1]]}),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_form_that_cannot_work_is_refused_with_a_sentence(name):
    code, data = BROKEN[name]

    found = faults_of(copy.deepcopy(data))

    assert [fault.code for fault in found] == [code]
    assert str(found[0]).endswith((".", "?", "”", ")"))


def test_the_form_of_the_park_has_no_fault():
    assert faults_of(json.loads(DATA.read_text())) == []


def test_a_form_has_the_same_faults_whatever_its_reader_speaks():
    with translation.override("zh-hans"):
        told = [str(fault) for _code, data in BROKEN.values() for fault in faults_of(copy.deepcopy(data))]

    assert len(told) == len(BROKEN) and all(told)


def test_nothing_that_is_posted_as_a_form_breaks_the_reader():
    for data in (None, [], "x", 7, {"parts": None}, {"parts": [{"key": "a", "tasks": [{"key": "b", "fields": "x"}]}]}):
        assert [fault.code for fault in faults_of(data)] == ["shape"]
