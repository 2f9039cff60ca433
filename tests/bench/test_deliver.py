"""The benchmark of deliveries sends real mails through real workers, and loses none when one is killed."""

import pytest
from django.db import connection

from bench import deliver
from bench.report import Report
from tests import ground


@pytest.mark.parametrize("kill", [False, True])
def test_a_release_goes_through_a_worker_to_a_mail_server_and_nothing_is_lost(
    kill, django_db_setup, django_db_blocker, monkeypatch, capsys
):
    monkeypatch.setattr(deliver, "PEOPLE", 60)
    monkeypatch.setattr(deliver, "SAMPLE", 5)
    report = Report(rounds=1)

    with django_db_blocker.unblock():
        deliver.run(report, scales=(1,), kill=kill, like=ground.empty())

    names = {figure.name for figure in report.figures}
    assert names == ({"deliver.repeats"} if kill else {"deliver.limit", "deliver.one_task"})
    assert "60 mails" in capsys.readouterr().out
    assert not connection.settings_dict["NAME"].startswith(deliver.DATABASE)
