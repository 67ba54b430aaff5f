"""Reading our own source for the architecture tests."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
HOUSE = list(settings.HOUSE_APPS)


def app_folder(app: str) -> Path:
    return ROOT.joinpath(*app.split("."))


def python_files(app: str) -> list[Path]:
    """Every Python file of one of our apps, migrations too."""
    return sorted(app_folder(app).rglob("*.py"))


def module_name(path: Path) -> str:
    """kumppani/core/views.py → kumppani.core.views"""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(syntax: ast.Module, module: str) -> Iterator[tuple[int, str]]:
    """(line, module) of every import at any depth, also inside functions and through `import_module`."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".")[: -node.level]
                base = ".".join([*package, *([base] if base else [])])
            yield node.lineno, base
            for name in node.names:
                yield node.lineno, f"{base}.{name.name}"
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "import_string", "__import__"):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def app_of(module: str) -> str | None:
    """Which of our apps a module belongs to."""
    fitting = [app for app in HOUSE if module == app or module.startswith(f"{app}.")]
    return max(fitting, key=len, default=None)


def committed_files() -> list[Path]:
    """What git keeps, or would keep at the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # a copy without git's folder
        skipped = {".venv", "var", ".git", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}
        paths = [path for path in ROOT.rglob("*") if not skipped & set(path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file()]
