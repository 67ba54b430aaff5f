"""What this room lets people know of: sentences without a name."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.notices.kinds import NoticeKind, register, visible_through
from pairing.models import ContactRequest, Feedback, Incident, Meeting, Relationship


def _page(name: str):
    return lambda pk: reverse(name, args=[pk])


for code, title, url, model in (
    ("request_waiting", _("A request waits for a partner"), "request_detail", ContactRequest),
    ("request_for_worker", _("One of your parents has asked for a partner"), "request_detail", ContactRequest),
    ("pair_proposed", _("A partner has been proposed"), "relationship_detail", Relationship),
    ("pair_answer", _("Shall you go on together? Say yes or no"), "relationship_answer", Relationship),
    ("decision_wanted", _("Both have said yes: a decision is wanted"), "relationship_detail", Relationship),
    ("decision_made", _("There is a decision"), "relationship_detail", Relationship),
    ("relationship_started", _("The relationship has started"), "relationship_detail", Relationship),
    ("relationship_paused", _("A break has begun"), "relationship_changes", Relationship),
    ("relationship_resumed", _("A break is over"), "relationship_changes", Relationship),
    (
        "decision_needed_again",
        _("A break could be over, but the decision has run out"),
        "relationship_decide",
        Relationship,
    ),
    ("relationship_ended", _("The meetings have ended"), "relationship_changes", Relationship),
    ("feedback_wanted", _("Your meetings have ended. How was it?"), "feedback_give", Feedback),
    ("next_support", _("Where you find support from now on"), "relationship_changes", Relationship),
    ("wish_made", _("Somebody has a wish"), "relationship_changes", Relationship),
    ("concern_recorded", _("A record was made on the page about worries"), "concern_guide", Relationship),
    (
        "incident_raised",
        _("Somebody has told you of something: it waits for an answer"),
        "incident_detail",
        Incident,
    ),
    ("incident_answered", _("There is an answer to what you told us"), "incident_detail", Incident),
    ("meeting_planned", _("A meeting has been planned"), "meeting_detail", Meeting),
):
    register(NoticeKind(code=code, title=title, url=_page(url), visible=visible_through(model)))
