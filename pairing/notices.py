"""What this room lets people know of: sentences without a name."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.notices.kinds import NoticeKind, register, visible_through
from pairing.models import (
    Agreement,
    AssessmentRound,
    CommitmentText,
    ContactRequest,
    ExperiencePartner,
    Feedback,
    Incident,
    Meeting,
    Parent,
    Relationship,
    Substitution,
    Supervision,
    TalkWish,
)


def _page(name: str):
    return lambda pk: reverse(name, args=[pk])


for code, title, url, model in (
    ("request_waiting", _("A request waits for a partner"), "request_detail", ContactRequest),
    (
        "request_for_worker",
        _("One of your parents has asked for a partner"),
        "request_detail",
        ContactRequest,
    ),
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
    ("review_asks", _("After a review something is to be done"), "relationship_benefit", Relationship),
    (
        "agreement_wanted",
        _("Something new to agree on: read it and say what you think"),
        "agreement_acknowledge",
        Agreement,
    ),
    (
        "agreement_accepted",
        _("All three have accepted the agreement"),
        "relationship_agreements",
        Relationship,
    ),
    (
        "agreement_withdrawn",
        _("What you were asked to agree on has been withdrawn"),
        "relationship_agreements",
        Relationship,
    ),
    ("parent_handed_over", _("A parent has been handed over to you"), "parent_detail", Parent),
    ("concern_recorded", _("A record was made on the page about worries"), "concern_guide", Relationship),
    (
        "incident_raised",
        _("Somebody has told you of something: it waits for an answer"),
        "incident_detail",
        Incident,
    ),
    ("incident_answered", _("There is an answer to what you told us"), "incident_detail", Incident),
    ("meeting_planned", _("A meeting has been planned"), "meeting_detail", Meeting),
    # Reminders (domain 5.4): pairing/reminders.py says when.
    ("request_unanswered", _("A request still waits for its first answer"), "request_detail", ContactRequest),
    ("decision_ends", _("A decision runs out soon"), "relationship_detail", Relationship),
    ("start_meeting_late", _("A start meeting has not been held yet"), "relationship_detail", Relationship),
    ("meeting_unlogged", _("A meeting waits to be logged: how did it go?"), "meeting_detail", Meeting),
    ("meeting_long_unlogged", _("A meeting has not been logged for days"), "meeting_detail", Meeting),
    ("check_in", _("Ask how it goes: a word with the two is due"), "relationship_detail", Relationship),
    ("quiet", _("There has been no meeting for a while"), "relationship_detail", Relationship),
    ("review_soon", _("A review comes up in a week"), "relationship_benefit", Relationship),
    ("review_due", _("A review is due"), "relationship_benefit", Relationship),
    ("ending_near", _("The last day you agreed on is near"), "relationship_agreements", Relationship),
    ("follow_up", _("Ask once more how it goes now"), "relationship_detail", Relationship),
    ("meeting_cancelled", _("A planned meeting has been cancelled"), "meeting_detail", Meeting),
    ("talk_wanted", _("A partner would like to talk with you"), "talk_handled", TalkWish),
    # Ready, leaving, coming back
    ("commitment_asked", _("There is a new text to read and accept"), "partner_commit", CommitmentText),
    ("commitment_soon", _("A new text is needed soon: read and accept it"), "partner_commit", CommitmentText),
    (
        "partner_leaves",
        _("A partner is leaving: see what is still open"),
        "partner_detail",
        ExperiencePartner,
    ),
    (
        "partner_leaves_pair",
        _("An experience partner is leaving: see what comes next"),
        "relationship_detail",
        Relationship,
    ),
    (
        "leaving_recorded",
        _("It has been written down that you are leaving"),
        "partner_detail",
        ExperiencePartner,
    ),
    ("partner_back", _("Welcome back as a partner"), "partner_detail", ExperiencePartner),
    # Care of the partners
    (
        "supervision_planned",
        _("A time for supervision has been agreed on"),
        "supervision_detail",
        Supervision,
    ),
    ("supervision_changed", _("A time for supervision has changed"), "supervision_detail", Supervision),
    ("supervision_tomorrow", _("A time for supervision is near"), "supervision_detail", Supervision),
    ("supervision_overdue", _("A partner's supervision is overdue"), "partner_detail", ExperiencePartner),
):
    register(NoticeKind(code=code, title=title, url=_page(url), visible=visible_through(model)))

register(
    NoticeKind(
        code="assessment_waiting",
        title=_("A few short questions wait for you"),
        url=_page("assessment_answer"),
        # Answered, or asked anew since: there is nothing left to tell.
        visible=lambda actor, pk: AssessmentRound.objects.waiting_for(actor).filter(pk=pk).exists(),
    )
)

# These lead to no record: the page is the reader's own.
for code, title, url, visible in (
    (
        "worker_changed",
        _("There is a new social worker"),
        lambda pk: reverse("home"),
        visible_through(Parent),
    ),
    (
        "substitution_named",
        _("A colleague has named you as substitute"),
        lambda pk: reverse("substitution_list"),
        visible_through(Substitution),
    ),
    (
        "supervision_cancelled",
        _("A time for supervision has been called off"),
        lambda pk: reverse("supervision_list"),
        lambda actor, pk: True,
    ),
    (
        "substitution_over",
        _("A substitution is over"),
        lambda pk: reverse("substitution_list"),
        lambda actor, pk: True,
    ),
):
    register(NoticeKind(code=code, title=title, url=url, visible=visible))
