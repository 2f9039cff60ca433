"""The benchmark of rules runs, compares before it times, and leaves nothing behind."""

import pytest
from django.db import connection

from bench import match
from bench.report import Differs, Report


def test_every_way_to_judge_a_park_answers_the_same(db, capsys):
    report = Report(rounds=1)

    match.run(report, scales=(1,))

    assert report.judge() == 0  # at the size of the demo park nothing is held to a ratio
    assert {figure.name for figure in report.figures} == {
        "match.forward.selective", "match.generated.selective", "match.objects.selective",
        "match.forward.broad", "match.generated.broad", "match.objects.broad",
        "match.masks.python", "match.masks.lists", "match.reach",
    }  # fmt: skip
    assert "242 companies" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'bench_scratch'")
        assert cursor.fetchone() == (0,)


def test_a_case_that_answers_differently_ends_the_run():
    with pytest.raises(Differs):
        Report(rounds=1).compare("two ways", 1, {"one": lambda: [1], "other": lambda: [2]}, {})
