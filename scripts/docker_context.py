"""Copy the files named on standard input (ended by NUL) that .dockerignore lets through into a folder.

Used by scripts/check_image. Of .dockerignore's language it knows what ours uses: plain names, `*` and `**/`.
"""

import shutil
import sys
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def ignored(name: str, patterns: list[str]) -> bool:
    paths = [name, *(str(parent) for parent in Path(name).parents)][:-1] or [name]
    for pattern in patterns:
        for path in paths:
            if pattern.startswith("**/"):
                if fnmatch(Path(path).name, pattern[3:]):
                    return True
            elif fnmatch(path, pattern):
                return True
    return False


def main() -> None:
    target = Path(sys.argv[1])
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#")]
    for name in filter(None, sys.stdin.read().split("\0")):
        if not ignored(name, patterns) and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


if __name__ == "__main__":
    main()
