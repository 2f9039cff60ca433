"""Two acts at the same moment: no number is given twice, none is left out."""

import threading

import pytest
from django.db import connection

from park.letters import pdfs
from park.letters.models import Letter, LetterFile
from tests.factories.accounts import make_user
from tests.factories.letters import make_kind, make_letter

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts) -> None:
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_letters_issued_at_once_follow_each_other_without_a_gap():
    make_kind()
    people = [make_user() for _one in range(5)]

    at_once(*[lambda to=to: make_letter(to=to) for to in people])

    assert sorted(Letter.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5]


def test_of_two_workers_that_draw_a_letter_one_file_stays():
    letter = make_letter()

    at_once(lambda: pdfs.make(letter.pk), lambda: pdfs.make(letter.pk))

    assert LetterFile.objects.filter(letter=letter).count() == 1
