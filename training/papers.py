"""What stands on a certificate, gathered in one place; the template only sets it in type.

It is shown to employers and organisations. It tells of the training and of nothing that its holder has lived through:
of the work on one's own experience only the hours, never a theme (B9).
"""

from collections import defaultdict
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kumppani.organisations.models import Organisation
from training.models import Enrolment, SessionKind

# Kind of session → its words on paper, and whether its themes are told.
PARTS = {
    SessionKind.LECTURE: (_("Lectures"), True),
    SessionKind.PEER: (_("Learning in the peer group"), True),
    SessionKind.OWN_EXPERIENCE: (_("Preparing for the work"), False),
    SessionKind.ETHICS: (_("Ethics"), True),
    SessionKind.VISIT: (_("Visits to organisations"), True),
    SessionKind.SUPERVISION: (_("Supervision"), True),
}


def with_marks(enrolments):
    """The enrolments with all that their certificates need, in a constant number of questions."""
    return enrolments.select_related("cohort").prefetch_related("attendances__session")


def certificate_paper(enrolment: Enrolment, organiser: Organisation | None) -> dict:
    """The training as it was: hours that count by kind of session, and the themes in the order in which they came."""
    marks = [mark for mark in enrolment.attendances.all() if mark.hours + mark.made_up_hours]
    hours, themes = defaultdict(Decimal), defaultdict(list)
    for mark in sorted(marks, key=lambda mark: (mark.session.date, mark.session.pk)):
        kind = mark.session.kind
        hours[kind] += mark.hours + mark.made_up_hours
        if PARTS[kind][1] and mark.session.theme not in themes[kind]:
            themes[kind].append(mark.session.theme)
    return {
        "person": enrolment,
        "cohort": enrolment.cohort,
        "hours": sum(hours.values(), Decimal(0)),
        "parts": [
            {"label": label, "hours": hours[kind], "themes": themes[kind]}
            for kind, (label, _told) in PARTS.items()
            if hours[kind]
        ],
        "organiser": organiser,
    }


def certificate_sheets(holders: list[Enrolment]) -> list[dict]:
    """The certificates, each set in the language of its holder. Who organised the training is asked once a day of
    completion."""
    organisers, sheets = {}, []
    for holder in holders:
        day = holder.completed_on
        if day not in organisers:
            organisers[day] = Organisation.objects.co_ordinating(day)
        with override(holder.language):
            html = render_to_string("training/_certificate.html", certificate_paper(holder, organisers[day]))
        sheets.append({"language": holder.language, "html": html})
    return sheets
