"""Make .venv and install the locked, hashed dependencies: only when something changed.

    python3 scripts/environment.py runtime   what the site needs
    python3 scripts/environment.py dev       and what the tests and checks need

Standard library only. The file must parse on old Python 3, so that an old one gets a sentence, no traceback.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST_PYTHON = (3, 11)
LOCKS = {
    "runtime": ["requirements.txt"],
    "dev": ["requirements.txt", "requirements-dev.txt"],
}


class Problem(Exception):
    """Something the person at the terminal can mend; its text is the one sentence they get."""


def stop(problem):
    print("\n%s" % problem, file=sys.stderr)
    sys.exit(1)


def check_python():
    if sys.version_info < OLDEST_PYTHON:
        raise Problem(
            "Kumppani needs Python %d.%d or newer, and this is Python %s: name a newer one, for example "
            "`make demo PY=python3.11`." % (*OLDEST_PYTHON, sys.version.split()[0])
        )


def check_writable(folder):
    """Try it: permission bits do not tell about read-only disks, and root may read them differently."""
    probe = os.path.join(folder, ".write-test-%d" % os.getpid())
    try:
        with open(probe, "w"):
            pass
        os.remove(probe)
    except OSError as error:
        raise Problem(
            "Cannot write to the folder %s (%s): put the project in a folder of your own."
            % (folder, (error.strerror or str(error)).lower())
        ) from None


def wanted_stamp(kind):
    """What was installed: the locks' contents, for which Python, and where (a venv cannot be moved)."""
    digest = hashlib.sha256(repr((sys.version_info[:2], VENV)).encode())
    for name in LOCKS[kind]:
        with open(os.path.join(ROOT, name), "rb") as lock:
            digest.update(lock.read())
    return digest.hexdigest()


def stamp_file(kind):
    return os.path.join(VENV, ".installed-%s" % kind)


def is_installed(kind):
    try:
        with open(stamp_file(kind)) as stamp:
            return stamp.read() == wanted_stamp(kind) and os.path.exists(PYTHON)
    except OSError:
        return False


def venv_works():
    if not os.path.exists(PYTHON):
        return False
    question = "import sys, pip; print(sys.version_info[:2] == %r and sys.prefix == %r)" % (
        tuple(sys.version_info[:2]),
        VENV,
    )
    answer = subprocess.run(
        [PYTHON, "-c", question], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True
    )
    return answer.stdout.strip() == "True"


def make_venv():
    print("Making the virtual environment in .venv …", flush=True)
    if os.path.isdir(VENV):
        shutil.rmtree(VENV)
    made = subprocess.run(
        [sys.executable, "-m", "venv", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        if "ensurepip" in made.stdout:
            raise Problem(
                "This Python cannot make virtual environments: install its venv module "
                "(on Debian and Ubuntu: apt-get install python3-venv)."
            )
        raise Problem("Making the virtual environment failed:\n%s" % made.stdout.strip())


def install(kind):
    """True when something was installed."""
    check_python()
    if is_installed(kind):
        return False
    check_writable(ROOT)
    if not venv_works():
        make_venv()
    print("Installing the locked packages (a minute or so, this once) …", flush=True)
    command = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    for name in LOCKS[kind]:
        command += ["-r", os.path.join(ROOT, name)]
    if subprocess.run(command).returncode:
        raise Problem("Installing the packages failed; what pip said stands above.")
    for done in LOCKS:
        if set(LOCKS[done]) <= set(LOCKS[kind]):
            with open(stamp_file(done), "w") as stamp:
                stamp.write(wanted_stamp(done))
    return True


if __name__ == "__main__":
    try:
        install(sys.argv[1] if len(sys.argv) > 1 else "runtime")
    except Problem as problem:
        stop(problem)
    except KeyboardInterrupt:
        sys.exit(130)
