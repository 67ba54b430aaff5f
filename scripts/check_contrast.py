"""Measure the contrast of the colour tokens, in the light and in the dark (WCAG 2.2: 1.4.3 and 1.4.11).

python3 scripts/check_contrast.py            ends with 1 when a pair is too faint
python3 scripts/check_contrast.py --all      shows every pair
"""

import re
import sys
from pathlib import Path

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0
SURFACES = ["paper", "card", "sunk"]
PAIRS = [
    *[(word, on, TEXT) for word in ("ink", "muted", "spruce", "spruce-pressed", "stop") for on in SURFACES],
    *[("control", on, SHAPE) for on in SURFACES],
    *[("lantern", on, TEXT) for on in ("paper", "card", "lantern-tint")],
    *[(tone, f"{tone}-tint", TEXT) for tone in ("good", "wait", "stop", "note", "plain")],
    *[("ink", f"{tone}-tint", TEXT) for tone in ("spruce", "lantern", "good", "wait", "stop", "note")],
    *[("muted", f"{tone}-tint", TEXT) for tone in ("spruce", "lantern", "good")],
    *[
        (line, "card", SHAPE) for line in ("note", "wait", "plain")
    ],  # lines of drawings, besides spruce, ink, stop
    ("spruce", "spruce-tint", TEXT),
    ("on-spruce", "spruce", TEXT),
    ("on-spruce", "spruce-pressed", TEXT),
    ("on-stop", "stop", TEXT),
    ("on-stop", "stop-pressed", TEXT),
    ("on-lantern", "lantern", TEXT),
    ("on-glow", "glow", TEXT),
    ("on-glow", "glow-pressed", TEXT),
    *[(word, on, TEXT) for word in ("evening-ink", "evening-muted") for on in ("evening", "evening-deep")],
    ("focus", "evening", SHAPE),
]


def read_tokens(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """The colours by day and by night; the night says only what differs."""
    day_part, night_part = css.split("@media (prefers-color-scheme: dark)")
    colour = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})\s*;")
    day = dict(colour.findall(day_part))
    return day, day | dict(colour.findall(night_part))


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def main(arguments: list[str]) -> int:
    faint = 0
    for name, tokens in zip(("light", "dark"), read_tokens(TOKENS.read_text(encoding="utf-8")), strict=True):
        for front, back, least in PAIRS:
            measured = contrast(tokens[front], tokens[back])
            if measured < least or "--all" in arguments:
                verdict = "too faint" if measured < least else "ok"
                sys.stdout.write(
                    f"{name:5}  {front:15} on {back:15} {measured:5.2f} (at least {least})  {verdict}\n"
                )
            faint += measured < least
    return 1 if faint else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
