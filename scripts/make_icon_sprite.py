"""Build one SVG sprite from the icons named in scripts/icons.txt.

Called by scripts/vendor_assets.sh with the unpacked folder of Bootstrap Icons:

    python3 scripts/make_icon_sprite.py ICON_FOLDER scripts/icons.txt static/img/icons.svg VERSION

Each icon becomes a <symbol> that takes the text colour of the place where it is used:
<svg class="icon" aria-hidden="true"><use href="…/icons.svg#house"/></svg>
"""

import re
import sys
from pathlib import Path

SVG = re.compile(r"<svg\b([^>]*)>(.*)</svg>", re.DOTALL)
VIEW_BOX = re.compile(r'viewBox="([^"]+)"')


def read_names(list_file: Path) -> list[str]:
    lines = (line.split("#", 1)[0].strip() for line in list_file.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def read_symbol(folder: Path, name: str) -> str:
    file = folder / f"{name}.svg"
    if not file.is_file():
        sys.exit(f"scripts/icons.txt names “{name}”, but Bootstrap Icons has no such icon.")
    found = SVG.search(file.read_text(encoding="utf-8"))
    if found is None or not (view_box := VIEW_BOX.search(found[1])):
        sys.exit(f"{file.name} is not an SVG with a viewBox.")
    shapes = " ".join(found[2].split())
    return f'<symbol id="{name}" viewBox="{view_box[1]}" fill="currentColor">{shapes}</symbol>'


def main(arguments: list[str]) -> None:
    folder, list_file, target, version = (
        Path(arguments[0]),
        Path(arguments[1]),
        Path(arguments[2]),
        arguments[3],
    )
    symbols = [read_symbol(folder, name) for name in read_names(list_file)]
    head = (
        f"<!-- Bootstrap Icons {version}, MIT, (c) The Bootstrap Authors; see scripts/make_icon_sprite.py -->"
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', head, *symbols, "</svg>", ""]),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
