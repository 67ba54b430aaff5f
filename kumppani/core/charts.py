"""Drawings of figures that people compare: where every line, mark and number stands. Templates draw, this counts.

`line_chart` – answers on a scale, over time, one line for each of those who answered;
`scale_strip` – the five steps of goal attainment, −2 … +2, the reached one marked in words (domain 7).

Every x and y is a share of the drawing in per cent, so the drawing fits any width while its words and marks keep
their size. Lines are told apart by mark and dash, never by colour alone; beside every drawing stands its table.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from kumppani.core.templatetags.kumppani import number

Value = int | float | Decimal | None  # None: no answer

PAD = 8.0  # free height above the highest and below the lowest step, in per cent of the drawing
APART = 0.18  # distance between marks that would lie on each other, in widths of a column
TRACK = 2.2  # distance between lines that would lie on each other, in per cent of the height
ROOMY = 5  # so many moments fit the width of a phone; more are scrolled sideways
BEFORE_YEAR = re.compile(r"(\d\.)(?=\d{4}\b)")


@dataclass(frozen=True)
class Look:
    """How a line is told apart: a mark drawn around 0,0 (six units to each side) and a dash ("" is unbroken)."""

    mark: str
    dash: str


LOOKS = (
    Look("M-5.5 0A5.5 5.5 0 1 0 5.5 0A5.5 5.5 0 1 0-5.5 0Z", ""),  # circle
    Look("M-5-5H5V5H-5Z", "8 5"),  # square
    Look("M0-6.5L6.5 5.5H-6.5Z", "2 4"),  # triangle
    Look("M0-7L7 0L0 7L-7 0Z", "12 4 2 4"),  # lozenge
    Look("M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z", "5 3"),  # cross
    Look("M0 6.5L-6.5-5.5H6.5Z", "1 6"),  # triangle on its tip
)


@dataclass(frozen=True)
class Step:
    """One step of the scale and the line that it is read on."""

    number: str
    y: str


@dataclass(frozen=True)
class Mark:
    """One answer."""

    x: str
    y: str


@dataclass(frozen=True)
class Line:
    """From one answer to the next."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class DrawnSeries:
    """One of those who answered. `nr` counts from 1 and names the colour's class."""

    name: str
    nr: int
    look: Look
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]

    @property
    def is_missing(self) -> bool:
        """Whether this one has not answered at all."""
        return not self.marks


@dataclass(frozen=True)
class Row:
    """A row of the table: one moment, and for each name the number in the language's form, "" for no answer."""

    moment: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LineChart:
    """What `components/line_chart.html` draws. `low` and `high` say what the ends of the scale mean."""

    id: str
    title: str
    summary: str
    least: int
    most: int
    low: str
    high: str
    steps: tuple[Step, ...]
    moments: tuple[str, ...]
    series: tuple[DrawnSeries, ...]
    rows: tuple[Row, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has answered anything."""
        return all(series.is_missing for series in self.series)

    @property
    def is_long(self) -> bool:
        """Whether the moments are too many for the width of a phone."""
        return len(self.moments) > ROOMY

    @property
    def breakable_moments(self) -> list[str]:
        """The moments for a narrow column: a date may break before its year, 4.5.|2021."""
        return [BEFORE_YEAR.sub("\\1\u200b", moment) for moment in self.moments]


def line_chart(
    id: str,
    title: str,
    series: Iterable[tuple[str, Sequence[tuple[str, Value]]]],
    *,
    low: str = "",
    high: str = "",
    least: int = 1,
    most: int = 5,
) -> LineChart:
    """Answers on a scale, over time.

    `id` is unique on the page. `series`: (name, [(moment, value), …]) for each of those who were asked; the value is
    between `least` and `most`, or None where there is no answer: the line has a gap there, nothing is guessed. All
    have the same moments in the same order; they are drawn in equal steps, however many days lie between.

    Raises ValueError for moments that differ, a value off the scale, or more series than there are marks.
    """
    asked = [(str(name), [(str(moment), value) for moment, value in points]) for name, points in series]
    moments = [moment for moment, _value in asked[0][1]] if asked else []
    _check(asked, moments, least, most)
    answers = [[value for _moment, value in points] for _name, points in asked]

    def height(value: Value) -> float:
        return PAD + float(most - value) / (most - least) * (100 - 2 * PAD)

    return LineChart(
        id=id,
        title=str(title),
        summary=" ".join(_in_words(name, points) for name, points in asked),
        least=least,
        most=most,
        low=str(low),
        high=str(high),
        steps=tuple(Step(str(value), _percent(height(value))) for value in range(most, least - 1, -1)),
        moments=tuple(moments),
        series=_draw([name for name, _points in asked], answers, height),
        rows=tuple(
            Row(
                moment,
                tuple(
                    (name, number(values[column]))
                    for (name, _points), values in zip(asked, answers, strict=True)
                ),
            )
            for column, moment in enumerate(moments)
        ),
    )


def _check(asked: list, moments: list[str], least: int, most: int) -> None:
    if len(asked) > len(LOOKS):
        raise ValueError(f"{len(asked)} series, but only {len(LOOKS)} marks that can be told apart")
    for name, points in asked:
        if [moment for moment, _value in points] != moments:
            raise ValueError(f"the moments of {name} are not those of {asked[0][0]}")
        for moment, value in points:
            if value is not None and not least <= value <= most:
                raise ValueError(f"{value} ({name}, {moment}) is not between {least} and {most}")


def _draw(
    names: list[str], answers: list[list[Value]], height: Callable[[Value], float]
) -> tuple[DrawnSeries, ...]:
    """Marks and lines. Equal answers stand side by side, and lines between equal answers run side by side."""
    by_moment = list(zip(*answers, strict=True))
    places = [_spread(values) for values in by_moment]
    tracks = [_spread(list(zip(here, there, strict=True))) for here, there in pairwise(by_moment)]
    drawn = []
    for nr, (name, values) in enumerate(zip(names, answers, strict=True)):
        spots = [
            None
            if value is None
            else ((column + 0.5 + APART * places[column][nr]) / len(values) * 100, height(value))
            for column, value in enumerate(values)
        ]
        lines = []
        for track, (here, there) in zip(tracks, pairwise(spots), strict=True):
            if here is None or there is None:
                continue
            aside = TRACK * track[nr]
            x1, y1, x2, y2 = here[0], here[1] + aside, there[0], there[1] + aside
            lines.append(Line(_percent(x1), _percent(y1), _percent(x2), _percent(y2)))
        marks = tuple(Mark(_percent(spot[0]), _percent(spot[1])) for spot in spots if spot)
        drawn.append(DrawnSeries(name, nr + 1, LOOKS[nr], marks, tuple(lines)))
    return tuple(drawn)


def _spread(values: Sequence) -> list[float]:
    """For each value its place among its equals, in steps around 0: alone 0; two −½, ½; three −1, 0, 1."""
    equals = Counter(values)
    met: Counter = Counter()
    places = []
    for value in values:
        places.append(met[value] - (equals[value] - 1) / 2)
        met[value] += 1
    return places


def _percent(share: float) -> str:
    """With a point in every language: this is for the browser."""
    return f"{share:.2f}".rstrip("0").rstrip(".") + "%"


def _in_words(name: str, points: Sequence[tuple[str, Value]]) -> str:
    """One series in a sentence."""
    known = [(moment, number(value)) for moment, value in points if value is not None]
    if not known:
        return _("%(name)s: no answer yet.") % {"name": name}
    (first_moment, first), (last_moment, last) = known[0], known[-1]
    if len(known) == 1:
        return _("%(name)s: %(value)s (%(moment)s).") % {"name": name, "value": first, "moment": first_moment}
    return _("%(name)s: from %(first)s (%(first_moment)s) to %(last)s (%(last_moment)s).") % {
        "name": name,
        "first": first,
        "first_moment": first_moment,
        "last": last,
        "last_moment": last_moment,
    }


# --- goal attainment --------------------------------------------------------------------------------------
ATTAINMENT = (-2, -1, 0, 1, 2)


@dataclass(frozen=True)
class AttainmentStep:
    """One step of goal attainment: its number as it is written, its words, and whether the goal has come to it."""

    shown: str
    words: str
    is_here: bool


@dataclass(frozen=True)
class ScaleStrip:
    """What `components/scale_strip.html` draws. `words` say where the goal is."""

    steps: tuple[AttainmentStep, ...]
    here: AttainmentStep | None


def scale_strip(value: int | None) -> ScaleStrip:
    """How far a goal has come: −2 … +2, or None as long as nobody has said it. ValueError for anything else."""
    if value is not None and value not in ATTAINMENT:
        raise ValueError(f"{value} is no step of goal attainment")
    words = (
        _("much less than expected"),
        _("less than expected"),
        _("as expected"),
        _("more than expected"),
        _("much more than expected"),
    )
    steps = tuple(
        AttainmentStep(signed(step), said, step == value)
        for step, said in zip(ATTAINMENT, words, strict=True)
    )
    return ScaleStrip(steps, next((step for step in steps if step.is_here), None))


def signed(step: int) -> str:
    """−2, 0, +2: with a real minus, and a plus."""
    return f"−{-step}" if step < 0 else f"+{step}" if step else "0"
