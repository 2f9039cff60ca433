"""The benchmark of the reverse question compares before it times."""

from bench import reverse
from bench.report import Report


def test_one_pass_a_function_and_a_query_a_policy_answer_the_same(db, monkeypatch, capsys):
    monkeypatch.setattr(reverse, "SAMPLE", 20)
    report = Report(rounds=1)

    reverse.run(report, scales=(1,))

    assert {figure.name for figure in report.figures} == {"reverse.function", "reverse.query", "reverse.scan"}
    assert "20 of them by a query each" in (told := capsys.readouterr().out)
    assert "one tenant, 100 policies" in told
