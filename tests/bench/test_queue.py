"""The benchmark of the officers' pages runs, asks the same questions at each size, and leaves nothing behind."""

from bench import queue
from bench.report import Report
from incubation.intake.models import Application


def test_the_pages_of_officers_ask_the_same_questions_at_each_size(db, capsys):
    report = Report(rounds=1)

    queue.run(report, scales=(1, 2))

    assert report.judge() == 0
    assert {figure.name for figure in report.figures} == {f"queue.{name}" for name in (*queue.PAGES, "counts", "pace")}
    assert "126 applications" in capsys.readouterr().out
    assert not Application.objects.exists()
