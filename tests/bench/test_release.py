"""The benchmarks of a release run, cost the same statements at each size, and leave nothing behind."""

from bench import mail, release
from bench.report import Report
from park.accounts.models import User
from park.notices.models import Notice


def test_a_release_costs_the_same_statements_at_each_size_and_stencils_say_the_same(db, monkeypatch, capsys):
    monkeypatch.setattr(release, "SAMPLES", {"one_by_one": 10, "one_task": 10, "bulk_create": 300})
    report = Report(rounds=1)

    release.run(report, scales=(1, 2))
    mail.run(report, scales=(1,))

    told = capsys.readouterr().out
    assert "484 recipients" in told
    assert "counted up from 10" in told
    assert {figure.name for figure in report.figures} == {
        *release.RATIOS, "release.ledger", "release.growth", "release.statements", "release.log", "mail.django",
        "mail.smtp",
    }  # fmt: skip
    assert not Notice.objects.exists() and not User.objects.exists()
