"""What the frame of every page needs: who acts, the places of that role, the other roles, the bell's count.

Costs at most one query, and none where nothing asks for it (an error page, a page without the frame). It knows the
places by their url names only.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import pgettext_lazy

from kumppani.accounts.models import RoleGrant
from kumppani.accounts.roles import Role
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice

LAYOUTS = {
    Role.PARTNER: "person",
    Role.PARENT: "person",
    Role.SOCIAL_WORKER: "worker",
    Role.STAFF: "staff",
    Role.TRAINER: "staff",
    Role.ADMINISTRATOR: "staff",
}


@dataclass(frozen=True)
class Place:
    """One entry of the navigation. `also`: other url names that belong to this place."""

    url_name: str
    label: object  # lazy
    icon: str
    also: tuple[str, ...] = ()

    def is_current(self, view_name: str) -> bool:
        return view_name == self.url_name or view_name in self.also


HOME = Place("home", pgettext_lazy("place", "Home"), "house", ("job_list", "calendar", "calendar_list"))
MEETINGS = Place(
    "meeting_list",
    pgettext_lazy("place", "Meetings"),
    "calendar-event",
    (
        "meeting_detail",
        "meeting_log",
        "meeting_plan",
        "meeting_held",
        "meeting_correct",
        "meeting_not_held",
        "meeting_echo",
    ),
)
REGISTERS = (
    "organisation_list",
    "organisation_create",
    "organisation_edit",
    "grant_list",
    "grant_create",
    "grant_edit",
)
ASSIGNMENTS = Place(
    "assignment_list",
    pgettext_lazy("place", "Assignments"),
    "clipboard-check",
    (
        "assignment_create",
        "assignment_detail",
        "assignment_edit",
        "assignment_offer",
        "assignment_confirm",
        "assignment_complete",
        "assignment_cancel",
        "participation_answer",
        "participation_step_down",
        "participation_preparation",
        "participation_take_back",
        "participation_count_after_all",
        "order_list",
        "order_detail",
        "order_take",
        "order_decline",
        "order_contact",
        "order_add_contact",
        "order_link_send",
        "order_link_revoke",
        "assignment_agreed_told",
        "outreach_list",
        "outreach_create",
        "outreach_detail",
        "outreach_edit",
        "outreach_delete",
        "outreach_summary",
        "media_list",
        "media_create",
        "media_edit",
        "media_delete",
        *REGISTERS,
    ),
)
FEES = Place(
    "fee_list",
    pgettext_lazy("place", "Fees"),
    "cash-coin",
    (
        "fee_detail",
        "fee_approve",
        "fee_reject",
        "fee_paid_by_orderer",
        "meeting_terms_list",
        "meeting_terms_create",
        "meeting_terms_end",
        "travel_list",
        "travel_detail",
        "travel_approve",
        "travel_reject",
        "travel_paid_by_orderer",
        "travel_rate_list",
        "batch_list",
        "batch_create",
        "batch_detail",
        "batch_pay",
        "correction_list",
        "correction_create",
        "correction_approve",
        "correction_withdraw",
    ),
)
ME = Place(
    "me",
    pgettext_lazy("place", "Me"),
    "person-circle",
    (
        "partner_detail",
        "partner_availability",
        "partner_leave",
        "partner_left",
        "partner_come_back",
        "partner_commit",
        "own_areas",
        "supervision_list",
        "supervision_detail",
        "exclusion_remove",
        "directory_consent",
        "directory_withdraw",
        "who_looked",
        "own_money",
        "own_terms",
        "fee_detail",
        "fee_claim",
        "fee_waive",
        "fee_take_again",
        "travel_list",
        "travel_create",
        "travel_detail",
        "travel_edit",
        "travel_withdraw",
        "travel_rate_list",
    ),
)
WHO_LOOKED = Place("who_looked", pgettext_lazy("place", "Who has looked"), "eye")
REQUESTS = Place(
    "request_list",
    pgettext_lazy("place", "Requests"),
    "inbox",
    (
        "request_create",
        "request_detail",
        "request_propose",
        "request_not_suggested",
        "request_complete",
        "request_answered",
        "request_withdraw",
    ),
)
RELATIONSHIPS = Place(
    "relationship_list",
    pgettext_lazy("place", "Relationships"),
    "people",
    (
        "relationship_detail",
        "relationship_answer",
        "relationship_step_back",
        "acquaintance_log",
        "relationship_decide",
        "relationship_end",
        "wish_handle",
        "relationship_change_partner",
        "relationship_close",
        "relationship_resume",
        "relationship_pause",
        "relationship_wish",
        "start_meeting",
        "start_meeting_acknowledge",
        "parent_detail",
        "parent_account",
        "parent_hand_over",
        "relationship_agreements",
        "agreement_propose",
        "agreement_acknowledge",
        "agreement_withdraw",
        "agreement_page",
        "relationship_benefit",
        "review_add",
        "review_hold",
        "assessment_answer",
        "assessment_record",
        "relationship_changes",
        "concern_guide",
        "concern_record",
        "incident_raise_about",
    ),
)
SUBSTITUTES = Place(
    "substitution_list",
    pgettext_lazy("place", "Substitutes"),
    "arrow-left-right",
    ("substitution_create", "substitution_end"),
)
PARTNERS = Place(
    "partner_list",
    pgettext_lazy("place", "Partners"),
    "person-heart",
    (
        "partner_detail",
        "partner_load",
        "partner_terms",
        "partner_take_in",
        "partner_leave",
        "partner_left",
        "partner_come_back",
        "record_note_create",
        "record_note_remove",
        "supervision_list",
        "supervision_create",
        "supervision_detail",
        "supervision_edit",
        "supervision_cancel",
        "supervision_mark",
        "partner_availability",
        "exclusion_create",
        "exclusion_remove",
    ),
)
COHORTS = Place(
    "cohort_list",
    pgettext_lazy("place", "Cohorts"),
    "mortarboard",
    (
        "cohort_detail",
        "cohort_create",
        "cohort_edit",
        "cohort_open",
        "cohort_close",
        "cohort_start",
        "cohort_call_off",
        "session_create",
        "session_edit",
        "session_call_off",
        "session_restore",
        "session_delete",
        "programme_copy",
        "programme_clear",
        "session_attendance",
        "attendance_grid",
        "attendance_make_up",
        "cohort_completion",
        "cohort_complete",
        "cohort_ask_feedback",
        "cohort_feedback",
        "enrolment_discontinue",
        "certificate",
        "cohort_certificates",
        "trainer_list",
        "trainer_create",
        "trainer_edit",
        "application_list",
        "application_record",
        "application_detail",
        "application_interview",
        "application_accept",
        "application_reserve",
        "application_reject",
        "application_withdraw_for",
        "application_contact",
        "application_link_send",
        "application_link_revoke",
    ),
)
REPORT = Place("report", pgettext_lazy("place", "Report"), "bar-chart", ("report_rows",))
TOLD = Place(
    "incident_list",
    pgettext_lazy("place", "Grievances"),
    "flag",
    (
        "incident_detail",
        "incident_raise",
        "incident_take",
        "incident_answer",
        "incident_close",
        "incident_reopen",
    ),
)
TEXTS = Place(
    "contact_point_list",
    pgettext_lazy("place", "Texts and lists"),
    "journal-check",
    (
        "contact_point_create",
        "contact_point_edit",
        "topic_list",
        "topic_create",
        "topic_edit",
        "guide_text_list",
        "guide_text_create",
        "commitment_text_list",
        "commitment_text_create",
        "legal_ground_list",
        "legal_ground_create",
        "legal_ground_edit",
        *REGISTERS,
        "assignment_kind_list",
        "assignment_kind_create",
        "assignment_kind_edit",
        "fee_rule_list",
        "fee_rule_create",
        "fee_rule_end",
        "travel_rate_list",
        "travel_rate_create",
        "travel_rate_edit",
        "travel_rate_end",
    ),
)
USERS = Place(
    "user_list",
    pgettext_lazy("place", "Users"),
    "person-circle",
    (
        "user_detail",
        "user_create",
        "user_invite",
        "user_role_add",
        "user_role_end",
        "user_deactivate",
        "user_activate",
    ),
)

# At most four places for the two roles that live on a phone (look.md).
PLACES = {
    Role.PARTNER: (HOME, MEETINGS, ASSIGNMENTS, ME),
    Role.PARENT: (HOME, MEETINGS, WHO_LOOKED),
    Role.SOCIAL_WORKER: (HOME, RELATIONSHIPS, REQUESTS, SUBSTITUTES),
    Role.STAFF: (HOME, REQUESTS, RELATIONSHIPS, PARTNERS, ASSIGNMENTS, FEES, COHORTS, TOLD, REPORT),
    Role.TRAINER: (HOME, COHORTS),
    Role.ADMINISTRATOR: (HOME, USERS, TEXTS),
}


def house(request: HttpRequest) -> dict:
    """The context processor. Works for anybody, and for a request that never reached the actor."""
    actor = getattr(request, "actor", None)
    context = {"is_demo": settings.IS_DEMO, "actor": actor}
    if actor is None:
        return {**context, "layout": "public", "nav": [], "roles": [], "unread": 0}
    held = SimpleLazyObject(lambda: held_roles(actor))
    return {
        **context,
        "layout": LAYOUTS[actor.role],
        "nav": places_of(actor.role, getattr(request.resolver_match, "view_name", "") or ""),
        "roles": SimpleLazyObject(
            lambda: [
                {"code": role, "label": Role(role).label, "unread": unread}
                for role, unread in held.items()
                if role != actor.role
            ]
        ),
        "unread": SimpleLazyObject(lambda: held.get(actor.role, 0)),
    }


def places_of(role: str, view_name: str) -> list[dict]:
    """The navigation of a role, with the place the reader is in."""
    return [
        {
            "label": place.label,
            "url": reverse(place.url_name),
            "icon": place.icon,
            "current": place.is_current(view_name),
        }
        for place in PLACES[role]
    ]


def held_roles(actor) -> dict[str, int]:
    """Every role the user holds now, with the number of unread notices in it: one query for both."""
    unread = (
        Notice.objects.filter(
            recipient_id=OuterRef("user_id"),
            role=OuterRef("role"),
            kind__in=list(KINDS),
            dropped_at__isnull=True,
            read_at__isnull=True,
        )
        .order_by()
        .values("recipient_id")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return dict(
        RoleGrant.objects.held()
        .filter(user_id=actor.user_id)
        .annotate(unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0))
        .order_by("created_at", "id")
        .values_list("role", "unread")
    )
