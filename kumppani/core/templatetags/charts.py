"""Drawings for templates: `{% line_chart chart %}` and `{% scale_strip goal.score %}`."""

from django import template

from kumppani.core import charts

register = template.Library()


@register.inclusion_tag("components/line_chart.html")
def line_chart(chart: charts.LineChart) -> dict:
    """A chart that the view has made with `kumppani.core.charts.line_chart`."""
    return {"chart": chart}


@register.inclusion_tag("components/scale_strip.html")
def scale_strip(value: int | None) -> dict:
    """How far a goal has come, −2 … +2 or None."""
    return {"strip": charts.scale_strip(value)}
