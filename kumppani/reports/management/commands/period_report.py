"""The period report on paper or for a machine: the same figures as the page."""

import datetime
import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from kumppani.core.templatetags.kumppani import day
from kumppani.organisations.models import Grant
from kumppani.reports.figures import Period
from kumppani.reports.selectors import as_dict, in_parts, in_words, report


class Command(BaseCommand):
    help = "Prints the figures of a period, as text or as JSON."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", required=True, type=_day, help="first day, as 2021-01-01")
        parser.add_argument("--to", dest="last", required=True, type=_day, help="last day, as 2021-06-30")
        parser.add_argument("--grant", help="the funder's code of a grant: only what was done with it")
        parser.add_argument("--format", choices=["json", "text"], default="text")
        parser.add_argument("--language", choices=["fi", "sv", "en"], default="fi")

    def handle(self, *args, **options):
        if options["first"] > options["last"]:
            raise CommandError("--from is later than --to.")
        grant = None
        if options["grant"]:
            grant = Grant.objects.filter(code=options["grant"]).first()
            if grant is None:
                raise CommandError(f"There is no grant with the code {options['grant']}.")
        period = Period(options["first"], options["last"], grant)
        with translation.override(options["language"]):
            figures = report(period)
            if options["format"] == "json":
                self.stdout.write(
                    json.dumps([as_dict(figure) for figure in figures], ensure_ascii=False, indent=2)
                )
            else:
                self.stdout.write("\n".join(self.lines(figures)))

    def lines(self, figures) -> list[str]:
        """One paragraph a section, as a funder's form wants it: plain text."""
        period = figures[0].period
        lines = [f"{_('Period report')} {day(period.first)} – {day(period.last)}"]
        if period.grant:
            lines[0] += f", {period.grant.name}"
        for part in in_parts(figures):
            lines += ["", str(part.section.label).upper()]
            for group in part.groups:
                if group.label:
                    lines.append(f"{group.label}:")
                lines += [
                    f"  {figure.label}: {in_words(figure)} ({figure.basis.label.lower()}, n = {figure.n})"
                    for figure in group.figures
                ]
        return lines


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
