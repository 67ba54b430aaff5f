"""Drawings say the same as their tables, to eyes, ears and paper, and guess nothing.

Negative controls: `test_lines_of_one_look_are_seen`, and for the rest break `kumppani/core/charts.py`: draw over a
gap, forget `_spread`, format a place with the language's comma.
"""

import re
from decimal import Decimal
from itertools import combinations

import html5lib
import pytest
from django.template import engines
from django.utils import translation

from kumppani.core.charts import LOOKS, Look, line_chart, scale_strip
from tests.architecture.source import ROOT

MOMENTS = ["Start", "Review", "Closing"]
CSS = (ROOT / "static" / "css" / "kumppani.css").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def said(name, *values, moments=MOMENTS):
    return name, list(zip(moments, values, strict=True))


def chart_of(*series, **more):
    return line_chart("trust", "I trust my social worker", series, **more)


def drawn(chart):
    """The component as a tree of elements."""
    page = engines["django"].from_string("{% load charts %}{% line_chart chart %}").render({"chart": chart})
    return html5lib.parse(page, namespaceHTMLElements=False), page


def strip_of(value):
    page = engines["django"].from_string("{% load charts %}{% scale_strip value %}").render({"value": value})
    return html5lib.parse(page, namespaceHTMLElements=False)


def svg(name):
    return f".//{{http://www.w3.org/2000/svg}}{name}"


def words(element):
    return " ".join("".join(element.itertext()).split())


def places(series):
    return [(mark.x, mark.y) for mark in series.marks]


# --- where things stand -----------------------------------------------------------------------------------
def test_moments_stand_in_equal_steps_and_the_greatest_answer_on_top():
    (parent,) = chart_of(said("Parent", 1, 3, 5)).series
    assert places(parent) == [("16.67%", "92%"), ("50%", "50%"), ("83.33%", "8%")]


def test_an_answer_stands_on_the_line_of_its_number():
    chart = chart_of(said("Parent", 4, 2, 1))
    lines = {step.number: step.y for step in chart.steps}
    assert list(lines) == ["5", "4", "3", "2", "1"]
    assert [y for _x, y in places(chart.series[0])] == [lines["4"], lines["2"], lines["1"]]


def test_a_line_goes_from_answer_to_answer():
    (parent,) = chart_of(said("Parent", 1, 3, 5)).series
    assert [((line.x1, line.y1), (line.x2, line.y2)) for line in parent.lines] == [
        (("16.67%", "92%"), ("50%", "50%")),
        (("50%", "50%"), ("83.33%", "8%")),
    ]


def test_nothing_is_drawn_over_a_missing_answer():
    (parent,) = chart_of(said("Parent", 2, None, 4)).series
    assert len(parent.marks) == 2
    assert parent.lines == ()


def test_equal_answers_stand_side_by_side_around_their_moment():
    parent, partner, worker = chart_of(
        said("Parent", 4, 4, 1), said("Partner", 4, 2, 1), said("Worker", 4, 5, 2)
    ).series
    assert [places(one)[0] for one in (parent, partner, worker)] == [
        ("10.67%", "29%"),
        ("16.67%", "29%"),
        ("22.67%", "29%"),
    ]
    assert [places(one)[1][0] for one in (parent, partner, worker)] == ["50%", "50%", "50%"]
    assert [places(one)[2][0] for one in (parent, partner, worker)] == ["80.33%", "86.33%", "83.33%"]


def test_lines_between_equal_answers_run_beside_each_other():
    parent, partner = chart_of(said("Parent", 4, 4, 5), said("Partner", 4, 4, 2)).series
    assert [(line.y1, line.y2) for line in parent.lines] == [("27.9%", "27.9%"), ("29%", "8%")]
    assert [(line.y1, line.y2) for line in partner.lines] == [("30.1%", "30.1%"), ("29%", "71%")]


def test_places_are_for_the_browser_in_every_language():
    with translation.override("fi"):
        _tree, page = drawn(chart_of(said("Parent", 2, 3, 4)))
    numbers = re.findall(r' (?:x1?|x2|y1?|y2)="([^"]*)"', page)
    assert "16.67%" in numbers
    assert [one for one in numbers if not re.fullmatch(r"-?\d+(\.\d+)?(%|em)?", one)] == []


# --- telling lines apart ----------------------------------------------------------------------------------
def alike(looks):
    return [
        (one, other)
        for one, other in combinations(looks, 2)
        if one.mark == other.mark or one.dash == other.dash
    ]


def test_lines_differ_in_mark_and_in_dash():
    assert alike(LOOKS) == []


def test_lines_of_one_look_are_seen():
    assert alike([Look("M0 0Z", "2 4"), Look("M1 1Z", "2 4")])
    assert alike([Look("M0 0Z", ""), Look("M0 0Z", "2 4")])


def test_every_line_has_its_colour():
    named = re.findall(r"\.line-chart-series--(\d) {\s+--chart: var\(--([a-z-]+)\);", CSS)
    assert [nr for nr, _colour in named] == [str(nr + 1) for nr in range(len(LOOKS))]
    assert len({colour for _nr, colour in named}) == len(LOOKS)


def test_a_line_and_its_key_look_the_same():
    tree, _page = drawn(chart_of(said("Parent", 1, 2, 3), said("Partner", 3, 2, 2)))
    plot, *samples = [one for one in tree.iterfind(svg("svg")) if one.get("class") != "line-chart-spot"]
    dashes = [
        line.get("stroke-dasharray")
        for line in plot.iterfind(svg("line"))
        if line.get("class") == "line-chart-line"
    ]
    assert dashes == [None, None, LOOKS[1].dash, LOOKS[1].dash]
    assert [sample.find(svg("line")).get("stroke-dasharray") for sample in samples] == [None, LOOKS[1].dash]
    assert [path.get("d") for path in plot.iterfind(svg("path"))] == [LOOKS[0].mark] * 3 + [LOOKS[1].mark] * 3
    assert [sample.find(svg("path")).get("d") for sample in samples] == [LOOKS[0].mark, LOOKS[1].mark]


# --- to ears ----------------------------------------------------------------------------------------------
def test_the_drawing_is_one_picture_with_a_name_and_a_description():
    tree, _page = drawn(
        chart_of(said("Parent", 2, None, 4), said("Partner", None, 3, None), said("Worker", None, None, None))
    )
    picture = tree.find(svg("svg"))
    assert picture.get("role") == "img"
    named = [one for one in tree.iter() if one.get("id") in picture.get("aria-labelledby").split()]
    assert [words(one) for one in named] == [
        "I trust my social worker",
        "Parent: from 2 (Start) to 4 (Closing). Partner: 3 (Review). Worker: no answer yet. "
        "All answers stand in the table.",
    ]


def test_what_stands_twice_is_read_once():
    tree, _page = drawn(chart_of(said("Parent", 1, 2, 3)))
    outside = [
        one
        for one in tree.iterfind(svg("svg"))
        if one.get("role") != "img" and one.get("class") != "line-chart-spot"
    ]
    assert {one.get("aria-hidden") for one in outside} == {"true"}
    assert tree.find(".//ol").get("aria-hidden") == "true"


def test_the_table_says_every_answer():
    tree, _page = drawn(chart_of(said("Parent", 2, None, 4), said("Partner", 1, 3, 5)))
    table = tree.find(".//table")
    assert words(table.find("caption")) == "I trust my social worker: the answers as numbers"
    assert [[words(cell) for cell in row] for row in table.iter("tr")] == [
        ["When", "Parent", "Partner"],
        ["Start", "2", "1"],
        ["Review", "no answer", "3"],
        ["Closing", "4", "5"],
    ]
    assert [cell.get("scope") for cell in table.iter("th")] == ["col"] * 3 + ["row"] * 3


def test_a_mean_is_written_in_the_language():
    with translation.override("fi"):
        chart = chart_of(said("Vanhempi", Decimal("2.5"), 3.0, 4))
    assert [row.answers for row in chart.rows] == [
        (("Vanhempi", "2,5"),),
        (("Vanhempi", "3"),),
        (("Vanhempi", "4"),),
    ]


def test_the_ends_of_the_scale_are_said_when_they_are_known():
    told, _page = drawn(chart_of(said("Parent", 1, 2, 3), low="not at all", high="very much"))
    assert [words(one) for one in told.iter("p")] == ["1 = not at all5 = very much"]
    untold, _page = drawn(chart_of(said("Parent", 1, 2, 3)))
    assert list(untold.iter("p")) == []


def test_who_has_not_answered_is_named_in_the_key():
    tree, _page = drawn(chart_of(said("Parent", 1, 2, 3), said("Worker", None, None, None)))
    assert [words(item) for item in tree.find(".//ul")] == ["Parent", "Worker (no answer yet)"]


@pytest.mark.parametrize("series", [[], [said("Parent", None, None, None)], [said("Parent", moments=[])]])
def test_where_nobody_has_answered_a_sentence_stands_instead(series):
    tree, _page = drawn(chart_of(*series))
    assert tree.find(svg("svg")) is None
    assert tree.find(".//table") is None
    assert words(tree.find(".//p")) == "Nobody has answered yet. The answers are drawn here when they come."


def test_many_moments_are_scrolled_with_the_keyboard_too():
    few, _page = drawn(chart_of(said("Parent", *[3] * 5, moments="ABCDE")))
    many, _page = drawn(chart_of(said("Parent", *[3] * 6, moments="ABCDEF")))
    frame = ".//div[@class='line-chart-frame']"
    assert few.find(frame).get("tabindex") is None
    assert (many.find(frame).get("tabindex"), many.find(frame).get("role")) == ("0", "region")
    assert many.find(frame).get("aria-labelledby") in [one.get("id") for one in many.iter()]


def test_a_date_may_break_before_its_year_and_nowhere_else():
    chart = chart_of(said("Parent", 1, 2, 3, moments=["Start 4.5.2021", "Review 1.10.2021", "12.5 h"]))
    assert chart.breakable_moments == ["Start 4.5.\u200b2021", "Review 1.10.\u200b2021", "12.5 h"]
    assert chart.moments == ("Start 4.5.2021", "Review 1.10.2021", "12.5 h")


def test_names_are_words_and_never_markup():
    _tree, page = drawn(chart_of(said("<b>Parent</b>", 1, 2, 3)))
    assert "<b>" not in page
    assert "&lt;b&gt;Parent&lt;/b&gt;" in page


# --- what is refused --------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", [0, 6, -1, 5.1])
def test_a_value_off_the_scale_is_refused(value):
    with pytest.raises(ValueError, match="is not between 1 and 5"):
        chart_of(said("Parent", 1, value, 3))


def test_moments_that_differ_are_refused():
    with pytest.raises(ValueError, match="the moments of Partner are not those of Parent"):
        chart_of(said("Parent", 1, 2, 3), said("Partner", 1, 2, moments=["Start", "Closing"]))


def test_more_lines_than_can_be_told_apart_are_refused():
    chart_of(*(said(f"Person {nr}", 1, 2, 3) for nr in range(6)))
    with pytest.raises(ValueError, match="only 6 marks"):
        chart_of(*(said(f"Person {nr}", 1, 2, 3) for nr in range(7)))


# --- goal attainment --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-2, "−2 much less than expected"),
        (-1, "−1 less than expected"),
        (0, "0 as expected"),
        (1, "+1 more than expected"),
        (2, "+2 much more than expected"),
    ],
)
def test_the_reached_step_is_marked_and_said_in_words(value, shown):
    tree = strip_of(value)
    steps = list(tree.iter("li"))
    assert [words(step) for step in steps if step.get("aria-current") == "step"] == [shown]
    assert [words(step).split()[0] for step in steps] == ["−2", "−1", "0", "+1", "+2"]
    assert words(tree.find(".//p")) == shown


def test_a_goal_that_nobody_has_looked_at_has_no_mark():
    tree = strip_of(None)
    assert [step for step in tree.iter("li") if step.get("aria-current")] == []
    assert words(tree.find(".//p")) == "Nobody has said yet how far this has come."


@pytest.mark.parametrize("value", [-3, 3, 1.5])
def test_a_step_that_is_none_is_refused(value):
    with pytest.raises(ValueError, match="is no step of goal attainment"):
        scale_strip(value)
