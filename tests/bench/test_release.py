"""The benchmarks of a release run, cost the same statements at each size, and leave nothing behind."""

from bench import mail, release
from bench.report import Report
from park.accounts.models import User
from park.notices.models import Notice


def test_a_release_costs_the_same_statements_at_each_size_and_stencils_say_the_same(db, capsys):
    report = Report(rounds=1)

    release.run(report, scales=(1, 2))
    mail.run(report, scales=(1,))

    told = capsys.readouterr().out
    assert "484 recipients" in told
    assert {"release.heap", "release.replay", "mail.django"} <= {figure.name for figure in report.figures}
    assert not Notice.objects.exists() and not User.objects.exists()
