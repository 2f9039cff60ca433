"""The guard: a tiny process that outlives ``kill -9`` of the supervisor and ends what the supervisor left.

It reads ``<layer> <process group> <signal> <grace>`` and ``gone <process group>`` from a pipe. When the pipe closes
without ``done`` the supervisor is dead: programs (layer 2) are ended before the services they use (layer 1), politely
first.
Run as a script of its own with nothing but the standard library; no call here is Linux's alone.
"""

import os
import signal
import sys
import time


def send(call, target, number):
    try:
        call(target, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def alive(group):
    """Is anybody of the group still running? A dead process that its parent never asked about does not count."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if not os.path.exists("/proc/self/stat"):
        return True
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                state, _, its_group = file.read().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


def listen(pipe):
    """Return the process groups that are still there when the supervisor goes, or None if it said goodbye."""
    groups = {}
    with os.fdopen(pipe) as lines:
        for line in lines:
            words = line.split()
            if words == ["done"]:
                return None
            if words[0] == "gone":
                groups.pop(int(words[1]), None)
            else:
                layer, group, stop, grace = map(int, words)
                groups[group] = (layer, stop, grace)
    return groups


def end(groups):
    """Ask every process group to stop, wait as long as each was promised, then end what is left."""
    for layer in (2, 1):
        asked = [(group, stop, grace) for group, (its, stop, grace) in groups.items() if its == layer and alive(group)]
        for group, stop, _ in asked:
            send(os.kill, group, stop) or send(os.killpg, group, stop)  # its leader, who tells its own
        until = time.monotonic() + max((grace for _, _, grace in asked), default=0)
        while any(alive(group) for group, _, _ in asked) and time.monotonic() < until:
            time.sleep(0.05)
        for group, _, _ in asked:
            send(os.killpg, group, signal.SIGKILL)


if __name__ == "__main__":
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    left = listen(int(sys.argv[1]))
    if left:
        end(left)
