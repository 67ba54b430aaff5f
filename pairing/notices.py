"""What this room lets people know of: sentences without a name."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.notices.kinds import NoticeKind, register, visible_through
from pairing.models import ContactRequest, Meeting, Relationship


def _page(name: str):
    return lambda pk: reverse(name, args=[pk])


for code, title, url, model in (
    ("request_waiting", _("A request waits for a partner"), "request_detail", ContactRequest),
    ("pair_proposed", _("A partner has been proposed"), "relationship_detail", Relationship),
    ("pair_answer", _("Shall you go on together? Say yes or no"), "relationship_answer", Relationship),
    ("decision_wanted", _("Both have said yes: a decision is wanted"), "relationship_detail", Relationship),
    ("decision_made", _("There is a decision"), "relationship_detail", Relationship),
    ("relationship_started", _("The relationship has started"), "relationship_detail", Relationship),
    ("relationship_ended", _("Your meetings have ended"), "relationship_detail", Relationship),
    ("meeting_planned", _("A meeting has been planned"), "meeting_detail", Meeting),
):
    register(NoticeKind(code=code, title=title, url=_page(url), visible=visible_through(model)))
