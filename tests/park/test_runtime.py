"""What keeps the portal running on one machine, and what it tells about itself."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from park.runtime import surroundings
from park.runtime.addresses import ROOT, run_dir
from park.runtime.cache import ForgivingRedisCache
from park.runtime.embedded import CannotStart
from park.runtime.models import Heartbeat
from park.runtime.signins import sign_ins
from park.runtime.stale import Seen
from park.runtime.tasks import beat_heartbeat
from park.runtime.translations import compile_stale
from park.runtime.up import claim_port

MANAGE = [sys.executable, str(ROOT / "manage.py")]
SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]


def environment(var: Path, **variables) -> dict:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**kept, "VAR_DIR": str(var), "FSYNC": "off", **variables}


def services(var: Path, *argv: str, **variables) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*MANAGE, "services", "--", *argv],
        env=environment(var, **variables), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def sql(var: Path, statement: str) -> str:
    """Return what PostgreSQL answers, started for this one statement."""
    code = (
        "import os, sys, psycopg\n"
        "with psycopg.connect(os.environ['DATABASE_URL']) as c:\n"
        "    cur = c.execute(sys.argv[1]); print(cur.fetchone()[0] if cur.description else 'done')"
    )
    answer = services(var, sys.executable, "-c", code, statement)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def running_for(var: Path) -> set[str]:
    """Return the processes, by name, that name this var folder or its sockets."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                name = (folder / "comm").read_text().strip()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if state != "Z" and any(os.fsencode(var) in word for word in words):
                found.add(name)
    return found


@pytest.fixture
def var(tmp_path):
    return tmp_path / "var"


@pytest.fixture
def supervisor(var):
    """A supervisor with both services and a program, running in the folder ``var``."""
    process = subprocess.Popen(
        [*MANAGE, "services", "--", *SLEEPER],
        env=environment(var), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "up\n"
    yield process
    process.terminate()
    process.communicate(timeout=60)


linux_only = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")


class TestServices:
    def test_a_second_start_finds_what_the_first_one_kept(self, var):
        sql(var, "CREATE TABLE kept AS SELECT 7 AS number")

        assert sql(var, "SELECT number FROM kept") == "7"

    def test_the_exit_code_of_the_command_is_kept(self, var):
        assert services(var, "sh", "-c", "exit 7").returncode == 7

    def test_a_command_that_does_not_exist_gets_one_sentence(self, var):
        answer = services(var, "no-such-command")

        assert (answer.returncode, answer.stderr) == (
            1,
            "'no-such-command' cannot be run: No such file or directory.\n",
        )

    @linux_only
    def test_nothing_is_left_after_the_command(self, var):
        services(var, "true")

        assert running_for(var) == set()

    def test_services_that_run_already_are_used_and_left_running(self, var, supervisor):
        assert sql(var, "SELECT 1") == "1"
        assert supervisor.poll() is None

    def test_a_second_owner_of_a_folder_is_refused_with_the_first_ones_name(self, var, supervisor):
        answer = subprocess.run(
            [*MANAGE, "up"], env=environment(var), capture_output=True, text=True, timeout=60, check=False
        )

        assert (answer.returncode, answer.stderr) == (
            1,
            f"Already running for {var}: 'manage.py services', process {supervisor.pid}. "
            "Stop it first, or set VAR_DIR to another folder.\n",
        )

    @linux_only
    def test_ctrl_c_ends_everything(self, var, supervisor):
        supervisor.send_signal(signal.SIGINT)
        supervisor.communicate(timeout=60)

        assert (supervisor.returncode, running_for(var)) == (130, set())

    @linux_only
    def test_a_killed_supervisor_leaves_nothing_that_blocks_the_next_start(self, var, supervisor):
        supervisor.kill()

        assert sql(var, "SELECT 1") == "1"
        assert running_for(var) == set()

    @linux_only
    def test_the_next_start_ends_what_a_killed_supervisor_and_a_killed_guard_left(self, var, supervisor):
        children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split()
        guard = next(pid for pid in children if b"guard_process" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(int(guard), signal.SIGKILL)
        supervisor.kill()
        time.sleep(0.5)
        assert {"postgres", "valkey-server"} <= running_for(var)

        assert services(var, "true").stderr.startswith("Ended what a killed run had left: ")
        assert running_for(var) == set()

    def test_a_pid_file_whose_number_belongs_to_somebody_else_is_forgotten(self, var):
        sql(var, "SELECT 1")
        (var / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{var}/postgres\n1\n5432\n/\n\n1 1\nready\n")

        assert sql(var, "SELECT 1") == "1"


class TestAddresses:
    @pytest.mark.parametrize(
        ("variable", "address", "sentence"),
        [
            ("DATABASE_URL", "mysql://host/park", "DATABASE_URL is not an address of the kind "),
            ("DATABASE_URL", "postgresql://host:port/park", "DATABASE_URL is not an address of the kind "),
            ("DATABASE_URL", "postgresql://park:hidden@127.0.0.1:1/park", "DATABASE_URL: 127.0.0.1:1 cannot be used: "),
            ("DATABASE_URL", "postgresql:///park?host=/nowhere", "DATABASE_URL: /park cannot be used: "),
            ("REDIS_URL", "127.0.0.1:6379", "REDIS_URL is not an address of the kind "),
            ("REDIS_URL", "redis://:hidden@127.0.0.1:1/0", "REDIS_URL: 127.0.0.1:1 cannot be used: "),
            ("REDIS_URL", "unix:///nowhere/valkey.sock", "REDIS_URL: /nowhere/valkey.sock cannot be used: "),
        ],
    )
    def test_a_wrong_address_gets_one_sentence_that_names_the_variable(self, var, variable, address, sentence):
        answer = services(var, "true", **{variable: address})

        assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
        assert answer.stderr.startswith(sentence)
        assert "hidden" not in answer.stderr

    def test_sockets_move_to_a_short_path_where_the_folder_lies_deep(self, monkeypatch, tmp_path):
        monkeypatch.setenv("VAR_DIR", str(tmp_path / ("deep" * 30)))

        assert len(str(run_dir() / ".s.PGSQL.5432.lock")) < 100

    def test_sockets_move_away_from_a_path_that_an_address_would_have_to_quote(self, monkeypatch):
        monkeypatch.setenv("VAR_DIR", "/home/someone/my park?/var")

        assert " " not in str(run_dir())


class TestPort:
    @pytest.fixture(autouse=True)
    def own_locks(self, monkeypatch, tmp_path):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def free_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def test_the_port_moves_up_from_one_that_somebody_listens_on(self, monkeypatch):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            wanted = taken.getsockname()[1]
            monkeypatch.setenv("PORT", str(wanted))

            port, claim = claim_port(None)

        os.close(claim)
        assert port > wanted

    def test_two_clones_that_start_at_once_get_two_ports(self, monkeypatch):
        monkeypatch.setenv("PORT", str(self.free_port()))

        (first, one), (second, other) = claim_port(None), claim_port(None)

        os.close(one), os.close(other)
        assert first != second

    def test_a_port_that_was_asked_for_by_name_is_that_one_or_none(self):
        with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CannotStart, match="is taken"):
            claim_port(taken.getsockname()[1])


class TestHealth:
    def heard_of(self, **ago):
        Heartbeat.objects.create(name=Heartbeat.BEAT, at=timezone.now() - timedelta(**ago))

    def ask(self, client):
        response = client.get(reverse("runtime:health"))
        return response.status_code, response.json()

    def test_the_question_whether_it_lives_asks_nothing(self, client, db, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = client.get("/health/live/")

        assert (response.status_code, response.json()) == (200, {"status": "ok"})

    def test_everything_in_order_is_one_word_each(self, client, db, settings):
        settings.HEALTH_PROBES = []
        self.heard_of(seconds=30)

        assert self.ask(client) == (
            200,
            dict.fromkeys(("status", "database", "migrations", "broker", "beat", "disk"), "ok"),
        )

    def test_a_silent_timetable_is_told_but_the_portal_serves_on(self, client, db):
        self.heard_of(minutes=4)

        status, answer = self.ask(client)

        assert (status, answer["status"], answer["beat"]) == (200, "degraded", "degraded")

    def test_a_broker_that_is_away_is_told_but_the_portal_serves_on(self, client, db, settings):
        settings.REDIS_URL = "unix:///nowhere/valkey.sock"

        status, answer = self.ask(client)

        assert (status, answer["status"], answer["broker"]) == (200, "degraded", "degraded")

    def test_a_migration_that_waits_is_an_outage(self, client, db):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'runtime'")

        assert self.ask(client) == (503, {"status": "down", "database": "ok", "migrations": "down"})

    def test_a_probe_of_a_room_is_asked_by_its_name(self, client, db, settings):
        settings.HEALTH_PROBES = ["tests.park.test_runtime.late"]
        self.heard_of(seconds=1)

        status, answer = self.ask(client)

        assert (status, answer["status"], answer["deliveries"]) == (200, "degraded", "degraded")

    def test_details_are_for_operators_only(self, client, admin_client, db):
        self.heard_of(seconds=1)

        assert "details" not in self.ask(client)[1]
        assert self.ask(admin_client)[1]["details"]["database"].startswith("PostgreSQL ")

    def test_figures_are_for_operators_only(self, client, admin_client, db):
        assert client.get("/metrics").status_code == 302  # to the sign-in
        assert 'parasol_health{probe="database"} 0' in admin_client.get("/metrics").content.decode().splitlines()

    def test_the_timetable_is_heard_of_again_and_again(self, db):
        self.heard_of(hours=1)

        beat_heartbeat()
        beat_heartbeat()

        assert Heartbeat.objects.age_of(Heartbeat.BEAT) < timedelta(minutes=1)


def late():
    return "deliveries", "degraded", "oldest due for 20 min"


class TestCache:
    def test_it_keeps_what_it_is_given_while_redis_answers(self):
        cache = ForgivingRedisCache(f"unix://{run_dir()}/valkey.sock?db=9", {"KEY_PREFIX": "test"})

        cache.set("stage", 3, 60)

        assert cache.get("stage") == 3
        assert isinstance(cache, RedisCache)

    def test_it_holds_nothing_and_harms_nobody_while_redis_is_away(self):
        class Cache(ForgivingRedisCache):
            """Its own memory of the silence, so that other tests do not feel it."""

        cache = Cache("unix:///nowhere/valkey.sock", {})

        cache.set("stage", 3, 60)

        assert cache.get("stage", "nothing") == "nothing"
        assert cache.add("stage", 3)
        assert cache.get_many(["stage"]) == {}


class TestTranslations:
    def test_only_what_changed_is_compiled(self, tmp_path):
        po = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
        po.parent.mkdir(parents=True)
        po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "stage"\nmsgstr "阶段"\n')

        assert compile_stale(tmp_path) == [po]
        assert compile_stale(tmp_path) == []
        assert "阶段".encode() in po.with_suffix(".mo").read_bytes()


class TestSignIns:
    def test_the_table_names_each_account_and_each_key(self, tmp_path):
        told = tmp_path / "demo.json"
        told.write_text(
            json.dumps(
                {
                    "password": "returning-home-2026",
                    "accounts": [{"email": "admin@park.example", "who": "superuser"}],
                    "api_keys": [{"name": "reader", "key": "abc.def", "scopes": ["policies:read"]}],
                }
            )
        )

        assert sign_ins(told).splitlines() == [
            "Sign in as          Who",
            "──────────────────  ─────────",
            "admin@park.example  superuser",
            "",
            "Password of all: returning-home-2026",
            "",
            "API key  Authorization: Bearer …  Scopes",
            "───────  ───────────────────────  ─────────────",
            "reader   abc.def                  policies:read",
        ]

    def test_without_a_demo_park_there_is_no_table(self, tmp_path):
        assert sign_ins(tmp_path / "demo.json") == ""


class TestSurroundings:
    def test_a_second_terminal_joins_the_demo_without_a_variable(self, monkeypatch, tmp_path):
        for name in ("SECRET_KEY", "DEMO", "BASE_URL", "PORT"):
            monkeypatch.setenv(name, "")  # so that it is put back afterwards, also where it was not set
            monkeypatch.delenv(name)
        monkeypatch.setenv("VAR_DIR", str(tmp_path))
        surroundings.leave({"DEMO": "1", "BASE_URL": "http://127.0.0.1:8003", "PORT": "8003"})

        surroundings.adopt()

        assert (os.environ["DEMO"], os.environ["BASE_URL"]) == ("1", "http://127.0.0.1:8003")

    def test_who_was_told_a_key_of_their_own_does_not_join(self, monkeypatch, tmp_path):
        monkeypatch.delenv("DEMO", raising=False)
        monkeypatch.setenv("SECRET_KEY", "a key of my own")
        monkeypatch.setenv("VAR_DIR", str(tmp_path))
        surroundings.leave({"DEMO": "1", "BASE_URL": "http://127.0.0.1:8003", "PORT": "8003"})

        surroundings.adopt()

        assert "DEMO" not in os.environ


class TestStale:
    def test_a_file_that_changed_is_noticed_once(self, monkeypatch, tmp_path):
        monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
        file = tmp_path / "models.py"
        file.write_text("one")
        Seen("code", [file]).remember()
        assert not Seen("code", [file]).changed

        file.write_text("another")

        assert Seen("code", [file]).changed
        Seen("code", [file]).remember()
        assert not Seen("code", [file]).changed
