"""Serve the demo programme: everything from an empty folder to a page in the browser.

    python3 scripts/demo.py --port 8000          make what is missing, then serve (the data is kept)
    python3 scripts/demo.py --port 8000 --reset  the same, with the demo's data made anew
    python3 scripts/demo.py manage ARGUMENT…     run manage.py with the demo's settings

Standard library only, and readable for an old Python 3: see scripts/environment.py.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

from environment import PYTHON, ROOT, Problem, check_python, check_writable, install, stop

VAR = os.path.join(ROOT, "var")
DATABASE = os.path.join(VAR, "kumppani.sqlite3")
MAIL = os.path.join(VAR, "mail")
KEY_FILE = os.path.join(VAR, "demo_secret_key")
LOCK_FILE = os.path.join(VAR, "demo.lock")
MANAGE = [PYTHON, os.path.join(ROOT, "manage.py")]
# migrate, demo and demo --accounts in one process: starting Django three times would take most of a second run.
PREPARE = """
import sys
import django
from django.core.management import CommandError, call_command
django.setup()
try:
    call_command("migrate", verbosity=0)
    call_command("demo")
    with open(sys.argv[1], "w") as answer:
        call_command("demo", accounts=True, stdout=answer)
except CommandError as error:
    sys.exit(str(error))
"""
SECONDS_TO_START = 60
SECONDS_TO_END = 10


class Ended(Exception):
    """Somebody asked us to stop: Ctrl-C, a kill, or a closed terminal."""


def end(number, frame):
    raise Ended


# --- What must be so before anything is made ----------------------------------------------------------------


def check_port(port):
    if not 1 <= port <= 65535:
        raise Problem("PORT must be a number from 1 to 65535, for example: make demo PORT=9000")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except PermissionError:
            raise Problem(
                "Port %d may not be used by you: choose one from 1024 up, for example: make demo PORT=9000"
                % port
            ) from None
        except OSError:
            raise Problem(
                "Port %d is taken by another program: stop that one, or choose another port, for example: "
                "make demo PORT=%d" % (port, 9000 if port != 9000 else 9001)
            ) from None


def check_folders():
    check_writable(ROOT)
    try:
        os.makedirs(VAR, exist_ok=True)
    except OSError as error:
        raise Problem("Cannot make the folder %s (%s)." % (VAR, (error.strerror or "").lower())) from None
    check_writable(VAR)
    for file in (DATABASE, KEY_FILE):
        if os.path.exists(file) and not os.access(file, os.R_OK | os.W_OK):
            raise Problem("Cannot read and write %s: it belongs to another user of this machine." % file)


def hold_data(reset):
    """Running demos hold the data together; a reset needs it alone. Returns what must stay open."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system: the port check is all there is
        return None
    lock = open(LOCK_FILE, "w")  # noqa: SIM115 (held until the process ends)
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if reset else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        raise Problem(
            "The demo is running or being reset in this folder: stop it first (Ctrl-C there)."
        ) from None
    return lock


def share_data(lock):
    if lock is not None:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_SH)


# --- The steps ----------------------------------------------------------------------------------------------


def delete_data():
    """The demo's own database and letters; nothing else is ever deleted."""
    for ending in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(DATABASE + ending):
            os.remove(DATABASE + ending)
    shutil.rmtree(MAIL, ignore_errors=True)


def secret_key():
    import secrets  # not known to the oldest Pythons that are to get a sentence

    if not os.path.exists(KEY_FILE):
        with open(os.open(KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as key:
            key.write(secrets.token_urlsafe(64))
    with open(KEY_FILE) as key:
        return key.read().strip()


def demo_settings(port):
    """Every setting is given here, so that neither a .env file nor the shell leads the demo to other data."""
    settings = dict(os.environ)
    settings.update(
        {
            "DJANGO_SETTINGS_MODULE": "kumppani.settings",
            "DJANGO_RUNSERVER_HIDE_WARNING": "true",
            "PYTHONUNBUFFERED": "1",
            "KUMPPANI_ENV": "demo",
            "DEBUG": "1",
            "SECRET_KEY": secret_key(),
            "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
            "CSRF_TRUSTED_ORIGINS": "",
            "BASE_URL": "http://127.0.0.1:%d" % port,
            "DATABASE_URL": "sqlite:///" + urllib.parse.quote(DATABASE),
            "VAR_DIR": VAR,
            "TRUSTED_PROXY_COUNT": "0",
        }
    )
    return settings


def prepare(settings):
    """Bring texts, tables and data up to date. Returns rows of (role, e-mail, password)."""
    if subprocess.run([PYTHON, os.path.join(ROOT, "scripts", "compile_messages.py")]).returncode:
        raise Problem("Compiling the translations failed; what is wrong stands above.")
    handle, answer = tempfile.mkstemp(dir=VAR, prefix="demo-accounts-")
    os.close(handle)
    try:
        if subprocess.run([PYTHON, "-c", PREPARE, answer], cwd=ROOT, env=settings).returncode:
            raise Problem("Preparing the demo's data failed; what is wrong stands above.")
        with open(answer) as file:
            found = json.load(file)
    finally:
        os.remove(answer)
    if isinstance(found, dict):  # role → account; else a list of accounts that name their role
        found = [dict(account, role=role) for role, account in found.items()]
    return [(account["role"].replace("_", " "), account["email"], account["password"]) for account in found]


def table(rows):
    rows = [("Role", "E-mail", "Password"), *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  " + "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def answers(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(settings, *arguments):
    # A session of its own: Ctrl-C reaches only us, and we end the children in good order.
    return subprocess.Popen(MANAGE + list(arguments), cwd=ROOT, env=settings, start_new_session=True)


def check_alive(children):
    for name, child in children.items():
        if child.poll() is not None:
            raise Problem(
                "The %s ended by itself (exit code %d); what it said stands above." % (name, child.returncode)
            )


def end_children(children):
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + SECONDS_TO_END
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def serve(settings, port, rows):
    address = "http://127.0.0.1:%d/" % port
    children = {}
    try:
        children["server"] = start(settings, "runserver", "--noreload", "127.0.0.1:%d" % port)
        children["worker"] = start(settings, "worker")
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(port):
            check_alive(children)
            if time.monotonic() > deadline:
                raise Problem("The server did not answer within %d seconds." % SECONDS_TO_START)
            time.sleep(0.1)
        print(
            "\nKumppani's demo is at %s\n"
            "All people in it, and all that it tells, are invented. You may sign in as:\n\n%s\n\n"
            "Letters are written into %s instead of being sent. Ctrl-C ends the demo; the data is kept.\n"
            % (address, table(rows), os.path.relpath(MAIL, ROOT)),
            flush=True,
        )
        while True:
            check_alive(children)
            time.sleep(0.5)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C does not interrupt the ending
        end_children(children)


def read_arguments():
    parser = argparse.ArgumentParser(description="Serve Kumppani's demo programme on this machine.")
    parser.add_argument("--port", default="8000", help="the port to serve at (8000)")
    parser.add_argument("--reset", action="store_true", help="delete the demo's data and load it anew")
    return parser.parse_args()


def main():
    check_python()
    if sys.argv[1:2] == ["manage"]:
        check_folders()
        install("runtime")
        os.chdir(ROOT)
        os.execve(PYTHON, MANAGE + sys.argv[2:], demo_settings(8000))  # noqa: S606 (no shell is wanted)
    arguments = read_arguments()
    check_folders()
    port = int(arguments.port) if arguments.port.isdigit() else 0
    check_port(port)
    lock = hold_data(arguments.reset)
    install("runtime")
    if arguments.reset:
        delete_data()
    settings = demo_settings(port)
    print("Preparing the demo programme …", flush=True)
    rows = prepare(settings)
    share_data(lock)
    serve(settings, port, rows)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    try:
        main()
    except Problem as problem:
        stop(problem)
    except OSError as error:
        stop("The demo could not go on: %s" % error)
    except Ended:
        print("\nThe demo has ended; its data is kept.", flush=True)
