"""The whole house on one screen: every door × every point of view → the answer (docs/access.md is made from this).

A row: method, url name, the thing the address is about (`-` for none), then one answer per point of view, in order:

    anonymous      not signed in                       partner        the experience partner the thing is about
    nobody         signed in, holds no role            other_partner  another partner
    deactivated    live session, closed account        former_partner had a relationship with this parent; it ended
    staff          project staff                       parent         the parent the thing is about
    worker         the parent's own social worker      other_parent   another parent
    other_worker   another social worker               trainer        teaches the cohort the thing is about
                                                       other_trainer  teaches another cohort
                                                       administrator

Answers: `in` – sent to the sign-in page; 200 – the page; 302 – done, or led on; 403 – not yours to do; 404 – not there
for you, the same whether it exists or not; 405 – no such deed; 422 – an empty form comes back with its errors.

Things are the records of tests/personas.py: `own.…` belongs to worker, partner, parent and trainer, so that the
others are strangers to it; `own.ended…` is closed: there the former partner is the partner. `link.…` is a one-purpose
link in one of its states; whoever holds it, signed in or not, meets the same. `holds.…`: this browser has opened that
link before. `public.…` is the public id of a partner whom strangers may find, or not, or of a cohort that one can
apply to, or not. `?…` is a query, see QUERIES.

Points of view still to come with their features: second factor pending, protected and anonymised records.
"""

from dataclasses import dataclass
from datetime import timedelta

from kumppani.core.dates import today

POINTS = (
    "anonymous",
    "nobody",
    "deactivated",
    "staff",
    "worker",
    "other_worker",
    "partner",
    "other_partner",
    "former_partner",
    "parent",
    "other_parent",
    "trainer",
    "other_trainer",
    "administrator",
)

# The doors that open without signing in, and no others.
PUBLIC = {
    "home",
    "about",
    "about_parents",
    "about_workers",
    "about_organisations",
    "principles",
    "directory",
    "directory_partner",
    "contact",
    "contact_to",
    "contact_sent",
    "order_create",
    "order_to",
    "order_sent",
    "order_open",
    "order_follow",
    "order_agree",
    "order_withdraw",
    "order_feedback",
    "order_renew",
    "order_renewed",
    "training_public",
    "application_create",
    "application_sent",
    "application_open",
    "application_follow",
    "application_withdraw",
    "training_feedback",
    "application_renew",
    "application_renewed",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "invitation_open",
    "invitation_accept",
    "language_switch",
    "leave_quickly",
    "quiet_page",
    "healthz",
}

# Pages about persons: a look at them leaves a row in the audit trail.
LEAVES_A_TRACE = {
    "session_attendance",
    "attendance_grid",
    "attendance_make_up",
    "cohort_completion",
    "enrolment_discontinue",
    "certificate",
    "cohort_certificates",
    "application_detail",
    "application_interview",
    "application_contact",
    "parent_detail",
    "partner_detail",
    "partner_leave",
    "partner_left",
    "partner_come_back",
    "record_note_create",
    "record_note_remove",
    "request_detail",
    "relationship_detail",
    "relationship_changes",
    "agreement_page",
    "agreement_print",
    "relationship_agreements",
    "agreement_propose",
    "agreement_acknowledge",
    "parent_hand_over",
    "meeting_detail",
    "talk_handled",
    "supervision_detail",
    "supervision_mark",
    "partner_load",
    "participation_answer",
    "participation_step_down",
    "participation_preparation",
    "participation_take_back",
    "participation_count_after_all",
    "fee_detail",
    "partner_terms",
    "travel_detail",
    "outreach_detail",
    "batch_create",
    "batch_detail",
    "batch_csv",
    "batch_xlsx",
    "batch_control",
    "correction_list",
    "correction_create",
    "correction_approve",
    "correction_withdraw",
    "user_detail",
    "report_rows",
    "concern_guide",
    "concern_record",
    "incident_raise_about",
    "incident_detail",
    "relationship_benefit",
    "review_add",
    "review_hold",
    "assessment_answer",
    "assessment_record",
}

# Doors that answer with a file, not with a page.
FILES = {"agreement_print", "certificate", "cohort_certificates", "batch_csv", "batch_xlsx", "batch_control"}


def _this_year(figure: str) -> str:
    return f"figure={figure}&from={today() - timedelta(days=365)}&to={today()}"


# Made when asked for: the records of the tests lie around today.
QUERIES = {
    "?left": lambda: "state=left",
    "?narrowed": lambda: "language=fi&area=Esimerkki",
    "?by_parent": lambda: "by=parent",
    "?by_worker": lambda: "by=worker",
    "?by_both": lambda: "by=together",
    "?meetings_held": lambda: _this_year("meetings_held"),
    "?outreach_narrowed": lambda: f"from={today() - timedelta(days=365)}&kind=municipality",
    "?this_year": lambda: f"from={today() - timedelta(days=365)}&to={today()}",
    "?completed_ones": lambda: "state=completed",
    "?past": lambda: "state=past",
    "?to_mark": lambda: "state=to_mark",
    "?nothing": lambda: "state=nothing",
    "?rejected": lambda: "state=rejected",
    "?one_day": lambda: f"day={today() + timedelta(days=14)}",
}

#     name                                 thing                 ano nob dea sta wor o.w par o.p for par o.p tra o.t adm
TABLE = """
# Everybody's
GET  home                                 -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  me                                   -                     in  403 in  403 403 403 302 302 302 403 403 403 403 403
GET  job_list                             -                     in  403 in  200 403 403 403 403 403 403 403 403 403 200
# The street side: everybody reads the same
GET  about                                -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  about_parents                        -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  about_workers                        -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  about_organisations                  -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  principles                           -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  directory                            -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  directory                            ?narrowed             200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  directory_partner                    public.shown          200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  directory_partner                    public.named          200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  directory_partner                    public.hidden         404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  contact                              -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  contact                              ?by_parent            200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  contact                              ?by_worker            200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  contact                              ?by_both              200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST contact                              -                     422 422 422 422 422 422 422 422 422 422 422 422 422 422
POST contact                              ?by_parent            422 422 422 422 422 422 422 422 422 422 422 422 422 422
POST contact                              ?by_worker            422 422 422 422 422 422 422 422 422 422 422 422 422 422
POST contact                              ?by_both              422 422 422 422 422 422 422 422 422 422 422 422 422 422
GET  contact_to                           public.shown          200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  contact_to                           public.hidden         404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST contact_to                           public.shown          422 422 422 422 422 422 422 422 422 422 422 422 422 422
GET  contact_sent                         -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
# Signing in and out, links, language
GET  account_login                        -                     200 302 200 302 302 302 302 302 302 302 302 302 302 302
POST account_login                        -                     200 302 200 302 302 302 302 302 302 302 302 302 302 302
GET  account_logout                       -                     302 200 302 200 200 200 200 200 200 200 200 200 200 200
POST account_logout                       -                     302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  account_inactive                     -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_signup                       -                     200 302 200 302 302 302 302 302 302 302 302 302 302 302
POST account_signup                       -                     200 302 200 302 302 302 302 302 302 302 302 302 302 302
GET  account_reauthenticate               -                     in  200 in  200 200 200 200 200 200 200 200 200 200 200
POST account_reauthenticate               -                     in  200 in  200 200 200 200 200 200 200 200 200 200 200
GET  account_change_password              -                     in  200 in  200 200 200 200 200 200 200 200 200 200 200
POST account_change_password              -                     in  200 in  200 200 200 200 200 200 200 200 200 200 200
GET  account_reset_password               -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST account_reset_password               -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_reset_password_done          -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_reset_password_from_key_done -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  account_reset_password_from_key      link.reset            302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  account_reset_password_from_key      link.reset_unknown    200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST account_reset_password_from_key      link.reset            302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST account_reset_password_from_key      link.reset_unknown    200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  role_switch                          -                     in  403 in  302 302 302 302 302 302 302 302 302 302 302
POST role_switch                          -                     in  403 in  403 403 403 403 403 403 403 403 403 403 403
GET  language_switch                      -                     302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST language_switch                      -                     302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  leave_quickly                        -                     302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST leave_quickly                        -                     302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  quiet_page                           -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST quiet_page                           -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  healthz                              -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST healthz                              -                     405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  invitation_accept                    -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST invitation_accept                    -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  invitation_open                      link.valid            302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  invitation_open                      link.expired          404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  invitation_open                      link.revoked          404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  invitation_open                      link.used             404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  invitation_open                      link.closed           404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  invitation_open                      link.unknown          404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST invitation_open                      link.valid            302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST invitation_open                      link.expired          404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST invitation_open                      link.revoked          404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST invitation_open                      link.used             404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST invitation_open                      link.closed           404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST invitation_open                      link.unknown          404 404 404 404 404 404 404 404 404 404 404 404 404 404
# Accounts
GET  user_list                            -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  user_create                          -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST user_create                          -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  user_detail                          accounts.somebody     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  user_invite                          accounts.invited      in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST user_invite                          accounts.invited      in  403 in  403 403 403 403 403 403 403 403 403 403 302
GET  user_deactivate                      accounts.somebody     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST user_deactivate                      accounts.somebody     in  403 in  403 403 403 403 403 403 403 403 403 403 302
GET  user_activate                        accounts.closed       in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST user_activate                        accounts.closed       in  403 in  403 403 403 403 403 403 403 403 403 403 302
GET  user_role_add                        accounts.somebody     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST user_role_add                        accounts.somebody     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  user_role_end                        accounts.role         in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST user_role_end                        accounts.role         in  403 in  403 403 403 403 403 403 403 403 403 403 302
# Notices
GET  notice_list                          -                     in  403 in  200 200 200 200 200 200 200 200 200 200 200
POST notice_read_all                      -                     in  403 in  302 302 302 302 302 302 302 302 302 302 302
POST notice_open                          own.notice            in  403 in  404 404 404 302 404 404 404 404 404 404 404
# Training
GET  cohort_list                          -                     in  403 in  200 403 403 403 403 403 403 403 200 200 403
GET  cohort_detail                        own.cohort            in  403 in  200 403 403 403 403 403 403 403 200 404 403
GET  cohort_list                          ?completed_ones       in  403 in  200 403 403 403 403 403 403 403 200 200 403
GET  cohort_create                        -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST cohort_create                        -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  cohort_detail                        own.planned_cohort    in  403 in  200 403 403 403 403 403 403 403 404 404 403
GET  cohort_detail                        own.open_cohort       in  403 in  200 403 403 403 403 403 403 403 404 404 403
GET  cohort_edit                          own.cohort            in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST cohort_edit                          own.cohort            in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  cohort_open                          own.planned_cohort    in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  cohort_open                          own.cohort            in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST cohort_open                          own.planned_cohort    in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  cohort_close                         own.open_cohort       in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST cohort_close                         own.open_cohort       in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  cohort_start                         own.open_cohort       in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  cohort_start                         own.cohort            in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST cohort_start                         own.open_cohort       in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  cohort_call_off                      own.open_cohort       in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST cohort_call_off                      own.open_cohort       in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST cohort_call_off                      own.cohort            in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  session_create                       own.cohort            in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST session_create                       own.cohort            in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  session_edit                         own.coming_session    in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  session_edit                         own.session           in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  session_edit                         own.called_off_session in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST session_edit                         own.coming_session    in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  session_call_off                     own.coming_session    in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST session_call_off                     own.coming_session    in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST session_call_off                     own.session           in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  session_restore                      own.called_off_session in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST session_restore                      own.called_off_session in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  session_delete                       own.coming_session    in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST session_delete                       own.coming_session    in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST session_delete                       own.session           in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  programme_copy                       own.planned_cohort    in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  programme_copy                       own.cohort            in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST programme_copy                       own.planned_cohort    in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  programme_clear                      own.planned_cohort    in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  programme_clear                      own.cohort            in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST programme_clear                      own.planned_cohort    in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  trainer_list                         -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  trainer_create                       -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST trainer_create                       -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  trainer_edit                         own.trainer           in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST trainer_edit                         own.trainer           in  403 in  422 403 403 403 403 403 403 403 403 403 403
# Training: attendance
GET  session_attendance                   own.session           in  403 in  200 403 403 403 403 403 403 403 200 404 403
GET  session_attendance                   own.coming_session    in  403 in  200 403 403 403 403 403 403 403 200 404 403
GET  session_attendance                   own.called_off_session in  403 in  200 403 403 403 403 403 403 403 200 404 403
POST session_attendance                   own.session           in  403 in  422 403 403 403 403 403 403 403 422 404 403
POST session_attendance                   own.coming_session    in  403 in  422 403 403 403 403 403 403 403 422 404 403
POST attendance_fill                      own.session           in  403 in  302 403 403 403 403 403 403 403 302 404 403
GET  attendance_grid                      own.cohort            in  403 in  200 403 403 403 403 403 403 403 200 404 403
GET  attendance_make_up                   own.absence           in  403 in  200 403 403 403 403 403 403 403 200 404 403
POST attendance_make_up                   own.absence           in  403 in  422 403 403 403 403 403 403 403 422 404 403
# Training: completion, certificates, feedback
GET  cohort_completion                    own.cohort            in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  cohort_completion                    own.open_cohort       in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST cohort_completion                    own.cohort            in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  enrolment_discontinue                own.attending         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  enrolment_discontinue                own.completed         in  403 in  404 403 403 403 403 403 403 403 403 403 403
POST enrolment_discontinue                own.attending         in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  cohort_complete                      own.cohort            in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST cohort_complete                      own.cohort            in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  certificate                          own.completed         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  certificate                          own.attending         in  403 in  404 403 403 403 403 403 403 403 403 403 403
GET  cohort_certificates                  own.cohort            in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  cohort_certificates                  own.open_cohort       in  403 in  404 403 403 403 403 403 403 403 403 403 403
GET  cohort_ask_feedback                  own.cohort            in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST cohort_ask_feedback                  own.cohort            in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  cohort_feedback                      own.cohort            in  403 in  200 403 403 403 403 403 403 403 200 404 403
GET  cohort_feedback                      own.open_cohort       in  403 in  200 403 403 403 403 403 403 403 404 404 403
GET  training_feedback                    -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST training_feedback                    -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_follow                  holds.applicant_asked  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  training_feedback                    holds.applicant_asked 200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  training_feedback                  holds.applicant_answered 302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  training_feedback                    holds.applicant_valid 302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST training_feedback                    holds.applicant_asked 422 422 422 422 422 422 422 422 422 422 422 422 422 422
POST training_feedback                  holds.applicant_answered 302 302 302 302 302 302 302 302 302 302 302 302 302 302
# Training: applying, on the street
GET  training_public                      -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_create                   public.open_cohort    200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_create                   public.closed_cohort  404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST application_create                   public.open_cohort    422 422 422 422 422 422 422 422 422 422 422 422 422 422
POST application_create                   public.closed_cohort  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_sent                     -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_open                     link.applicant_valid  302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  application_open                  link.applicant_accepted  302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  application_open                   link.applicant_expired  302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  application_open                   link.applicant_revoked  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_open                 link.applicant_elsewhere  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_open                   link.applicant_unknown  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_follow                   -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_follow                  holds.applicant_valid  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_follow                holds.applicant_invited  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_follow                holds.applicant_reserve  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_follow               holds.applicant_accepted  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_follow               holds.applicant_rejected  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_follow              holds.applicant_withdrawn  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_follow                holds.applicant_expired  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_follow                holds.applicant_revoked  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_follow              holds.applicant_elsewhere  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_withdraw                 -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST application_withdraw                 -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_withdraw                holds.applicant_valid  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_withdraw             holds.applicant_accepted  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  application_withdraw             holds.applicant_rejected  302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST application_withdraw                holds.applicant_valid  302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST application_withdraw              holds.applicant_expired  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  application_renewed                  -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST application_renew                    -                     302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST application_renew                 holds.applicant_expired  302 302 302 302 302 302 302 302 302 302 302 302 302 302
# Training: applications, for the staff
GET  application_list                     -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_list                     ?rejected             in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_record                   -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST application_record                   -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  application_detail                   own.applicant         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_detail                  own.invited_applicant  in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_detail                 own.accepted_applicant  in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_detail                own.withdrawn_applicant  in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_detail                   own.phoned_applicant  in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_detail                   own.applied           in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_interview                own.applicant         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_interview              own.rejected_applicant  in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST application_interview                own.applicant         in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  application_accept                   own.applicant         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_accept                   own.applied           in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_accept                own.withdrawn_applicant  in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST application_accept                   own.applicant         in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  application_reserve                  own.applicant         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_reserve                 own.reserve_applicant  in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST application_reserve                  own.applicant         in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  application_reject                   own.applicant         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_reject                 own.accepted_applicant  in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST application_reject                   own.applicant         in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  application_withdraw_for           own.accepted_applicant  in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_withdraw_for           own.rejected_applicant  in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST application_withdraw_for           own.accepted_applicant  in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  application_contact                  own.applicant         in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST application_contact                  own.applicant         in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  application_link_send                own.applicant         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  application_link_send                own.phoned_applicant  in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST application_link_send                own.applicant         in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  application_link_revoke              own.applicant_link    in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST application_link_revoke              own.applicant_link    in  403 in  302 403 403 403 403 403 403 403 403 403 403
# Pairing: people
GET  partner_list                         -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  partner_detail                       own.partner           in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  partner_availability                 own.partner           in  403 in  200 403 403 200 404 404 403 403 403 403 403
POST partner_availability                 own.partner           in  403 in  302 403 403 302 404 404 403 403 403 403 403
GET  partner_list                         ?left                 in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  partner_detail                       common.leaving        in  403 in  200 403 403 404 404 404 403 403 403 403 403
GET  partner_detail                       common.left           in  403 in  200 403 403 404 404 404 403 403 403 403 403
GET  partner_availability                 common.leaving        in  403 in  403 403 403 404 404 404 403 403 403 403 403
GET  partner_leave                        own.partner           in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  partner_leave                        common.leaving        in  403 in  302 403 403 404 404 404 403 403 403 403 403
POST partner_leave                        own.partner           in  403 in  302 403 403 302 404 404 403 403 403 403 403
GET  partner_left                         own.partner           in  403 in  302 403 403 302 404 404 403 403 403 403 403
GET  partner_left                         common.leaving        in  403 in  200 403 403 404 404 404 403 403 403 403 403
POST partner_left                         own.partner           in  403 in  302 403 403 403 404 404 403 403 403 403 403
POST partner_left                         common.leaving        in  403 in  302 403 403 404 404 404 403 403 403 403 403
GET  partner_come_back                    own.partner           in  403 in  302 403 403 302 404 404 403 403 403 403 403
GET  partner_come_back                    common.leaving        in  403 in  200 403 403 404 404 404 403 403 403 403 403
GET  partner_come_back                    common.left           in  403 in  200 403 403 404 404 404 403 403 403 403 403
POST partner_come_back                    common.left           in  403 in  302 403 403 404 404 404 403 403 403 403 403
GET  partner_account                      common.taken_in       in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  partner_account                      own.partner           in  403 in  403 403 403 403 403 403 403 403 403 403 403
POST partner_account                      common.taken_in       in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  partner_take_in                      own.completed         in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  partner_take_in                      own.attending         in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST partner_take_in                      own.completed         in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST partner_take_in                      own.attending         in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  partner_commit                       common.principles     in  403 in  403 403 403 200 200 200 403 403 403 403 403
POST partner_commit                       common.principles     in  403 in  403 403 403 422 422 422 403 403 403 403 403
GET  directory_consent                    -                     in  403 in  403 403 403 200 200 200 403 403 403 403 403
POST directory_consent                    -                     in  403 in  403 403 403 422 422 422 403 403 403 403 403
GET  directory_withdraw                   -                     in  403 in  403 403 403 200 200 200 403 403 403 403 403
POST directory_withdraw                   -                     in  403 in  403 403 403 302 302 302 403 403 403 403 403
GET  parent_detail                        own.parent            in  403 in  200 200 404 403 403 403 403 403 403 403 403
GET  parent_account                       own.quiet_parent      in  403 in  200 200 404 403 403 403 403 403 403 403 403
GET  parent_account                       own.parent            in  403 in  403 403 404 403 403 403 403 403 403 403 403
POST parent_account                       own.quiet_parent      in  403 in  422 422 404 403 403 403 403 403 403 403 403
POST parent_account                       own.parent            in  403 in  422 422 404 403 403 403 403 403 403 403 403
GET  parent_hand_over                     own.parent            in  403 in  200 200 404 403 403 403 403 403 403 403 403
POST parent_hand_over                     own.parent            in  403 in  422 422 404 403 403 403 403 403 403 403 403
GET  substitution_list                    -                     in  403 in  200 200 200 403 403 403 403 403 403 403 403
GET  substitution_create                  -                     in  403 in  403 200 200 403 403 403 403 403 403 403 403
POST substitution_create                  -                     in  403 in  403 422 422 403 403 403 403 403 403 403 403
GET  substitution_end                     own.substitution      in  403 in  403 200 404 403 403 403 403 403 403 403 403
POST substitution_end                     own.substitution      in  403 in  403 302 404 403 403 403 403 403 403 403 403
# Pairing: requests
GET  request_list                         -                     in  403 in  200 200 200 403 403 403 403 403 403 403 403
GET  request_create                       -                     in  403 in  403 200 200 403 403 403 403 403 403 403 403
POST request_create                       -                     in  403 in  403 422 422 403 403 403 403 403 403 403 403
GET  request_detail                       own.request           in  403 in  200 200 404 403 403 403 403 403 403 403 403
GET  request_detail                       own.matched_request   in  403 in  200 200 404 403 403 403 403 403 403 403 403
GET  request_propose                      own.request           in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  request_propose                      own.matched_request   in  403 in  403 403 403 403 403 403 403 403 403 403 403
POST request_propose                      own.request           in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST request_propose                      own.matched_request   in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  request_not_suggested                own.request           in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  request_not_suggested                own.matched_request   in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  request_withdraw                     own.request           in  403 in  200 200 404 403 403 403 403 403 403 403 403
POST request_withdraw                     own.request           in  403 in  302 302 404 403 403 403 403 403 403 403 403
GET  request_detail                       common.public_request in  403 in  200 404 404 403 403 403 403 403 403 403 403
GET  request_propose                      common.public_request in  403 in  403 403 403 403 403 403 403 403 403 403 403
POST request_propose                      common.public_request in  403 in  403 403 403 403 403 403 403 403 403 403 403
GET  request_complete                     common.public_request in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  request_complete                     own.request           in  403 in  403 403 403 403 403 403 403 403 403 403 403
POST request_complete                     common.public_request in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST request_complete                     own.request           in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  request_answered                     own.request           in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  request_answered                     own.matched_request   in  403 in  403 403 403 403 403 403 403 403 403 403 403
POST request_answered                     own.request           in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  request_withdraw                     common.public_request in  403 in  200 404 404 403 403 403 403 403 403 403 403
POST request_withdraw                     common.public_request in  403 in  302 404 404 403 403 403 403 403 403 403 403
# Pairing: relationships
GET  relationship_list                    -                     in  403 in  200 200 200 403 403 403 403 403 403 403 403
GET  relationship_detail                  own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_detail                  own.acquainting       in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_detail                  own.ended             in  403 in  200 200 404 404 404 404 200 404 403 403 403
GET  relationship_answer                  own.acquainting       in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_answer                  own.active            in  403 in  403 403 404 403 404 404 403 404 403 403 403
POST relationship_answer                  own.acquainting       in  403 in  422 422 404 422 404 404 422 404 403 403 403
POST relationship_answer                  own.active            in  403 in  422 422 404 422 404 404 422 404 403 403 403
GET  relationship_decide                  own.proposed          in  403 in  403 200 404 403 403 403 403 403 403 403 403
GET  relationship_decide                  own.active            in  403 in  403 200 404 403 403 403 403 403 403 403 403
GET  relationship_decide                  own.ended             in  403 in  403 403 404 403 403 403 403 403 403 403 403
POST relationship_decide                  own.proposed          in  403 in  403 422 404 403 403 403 403 403 403 403 403
POST relationship_decide                  own.active            in  403 in  403 422 404 403 403 403 403 403 403 403 403
GET  relationship_step_back               own.decided           in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_step_back               own.active            in  403 in  302 302 404 302 404 404 302 404 403 403 403
POST relationship_step_back               own.decided           in  403 in  422 422 404 422 404 404 422 404 403 403 403
POST relationship_step_back               own.active            in  403 in  302 302 404 302 404 404 302 404 403 403 403
GET  acquaintance_log                     own.acquainting       in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  acquaintance_log                     own.active            in  403 in  403 403 403 403 404 404 403 403 403 403 403
GET  acquaintance_log                     own.ended             in  403 in  403 403 403 404 404 404 403 403 403 403 403
POST acquaintance_log                     own.acquainting       in  403 in  403 403 403 422 404 404 403 403 403 403 403
POST acquaintance_log                     own.active            in  403 in  403 403 403 403 404 404 403 403 403 403 403
POST acquaintance_log                     own.ended             in  403 in  403 403 403 404 404 404 403 403 403 403 403
GET  start_meeting                        own.decided           in  403 in  403 200 404 403 403 403 403 403 403 403 403
GET  start_meeting                        own.opened            in  403 in  403 200 404 403 403 403 403 403 403 403 403
GET  start_meeting                        own.active            in  403 in  403 302 404 403 403 403 403 403 403 403 403
GET  start_meeting                        own.ended             in  403 in  403 302 404 403 403 403 403 403 403 403 403
POST start_meeting                        own.decided           in  403 in  403 403 404 403 403 403 403 403 403 403 403
POST start_meeting                        own.opened            in  403 in  403 422 404 403 403 403 403 403 403 403 403
POST start_meeting                        own.active            in  403 in  403 422 404 403 403 403 403 403 403 403 403
POST start_meeting                        own.ended             in  403 in  403 422 404 403 403 403 403 403 403 403 403
GET  start_meeting_acknowledge            own.opened            in  403 in  403 302 404 403 403 403 403 403 403 403 403
POST start_meeting_acknowledge            own.opened            in  403 in  403 302 404 403 403 403 403 403 403 403 403
GET  relationship_agreements              own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_agreements              own.acquainting       in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_agreements              own.opened            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_agreements              own.ended             in  403 in  200 200 404 404 404 404 200 404 403 403 403
GET  agreement_propose                    own.active            in  403 in  403 200 404 403 403 403 403 403 403 403 403
POST agreement_propose                    own.active            in  403 in  403 422 404 403 403 403 403 403 403 403 403
GET  agreement_propose                    own.paused            in  403 in  403 200 404 403 403 403 403 403 403 403 403
POST agreement_propose                    own.paused            in  403 in  403 422 404 403 403 403 403 403 403 403 403
GET  agreement_propose                    own.decided           in  403 in  403 403 404 403 403 403 403 403 403 403 403
POST agreement_propose                    own.decided           in  403 in  403 403 404 403 403 403 403 403 403 403 403
GET  agreement_propose                    own.ended             in  403 in  403 403 404 403 403 403 403 403 403 403 403
POST agreement_propose                    own.ended             in  403 in  403 403 404 403 403 403 403 403 403 403 403
GET  agreement_acknowledge                own.open_agreement    in  403 in  403 302 404 200 404 404 200 404 403 403 403
POST agreement_acknowledge                own.open_agreement    in  403 in  403 422 404 422 404 404 422 404 403 403 403
GET  agreement_acknowledge                own.proposal          in  403 in  403 200 404 200 404 404 200 404 403 403 403
POST agreement_acknowledge                own.proposal          in  403 in  403 422 404 422 404 404 422 404 403 403 403
GET  agreement_acknowledge                own.agreement         in  403 in  403 302 404 403 404 404 403 404 403 403 403
POST agreement_acknowledge                own.agreement         in  403 in  403 422 404 422 404 404 422 404 403 403 403
GET  agreement_acknowledge                own.ended_agreement   in  403 in  403 302 404 404 404 404 403 404 403 403 403
POST agreement_acknowledge                own.ended_agreement   in  403 in  403 422 404 404 404 404 422 404 403 403 403
GET  agreement_record                     own.proposal          in  403 in  403 302 404 403 403 403 403 403 403 403 403
GET  agreement_record                     own.open_agreement    in  403 in  403 302 404 403 403 403 403 403 403 403 403
POST agreement_record                     own.proposal          in  403 in  403 302 404 403 403 403 403 403 403 403 403
POST agreement_record                     own.open_agreement    in  403 in  403 302 404 403 403 403 403 403 403 403 403
GET  agreement_withdraw                   own.proposal          in  403 in  403 200 404 403 403 403 403 403 403 403 403
GET  agreement_withdraw                   own.agreement         in  403 in  403 403 404 403 403 403 403 403 403 403 403
GET  agreement_withdraw                   own.open_agreement    in  403 in  403 403 404 403 403 403 403 403 403 403 403
POST agreement_withdraw                   own.proposal          in  403 in  403 302 404 403 403 403 403 403 403 403 403
POST agreement_withdraw                   own.open_agreement    in  403 in  403 403 404 403 403 403 403 403 403 403 403
GET  agreement_page                       own.agreement         in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  agreement_page                       own.open_agreement    in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  agreement_page                       own.ended_agreement   in  403 in  200 200 404 404 404 404 200 404 403 403 403
GET  agreement_print                      own.agreement         in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  agreement_print                      own.open_agreement    in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  agreement_print                      own.ended_agreement   in  403 in  200 200 404 404 404 404 200 404 403 403 403
# Pairing: changes, the end
GET  relationship_changes                 own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_changes                 own.acquainting       in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_changes                 own.ended             in  403 in  200 200 404 404 404 404 200 404 403 403 403
GET  relationship_wish                    own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_wish                    own.decided           in  403 in  302 302 404 302 404 404 302 404 403 403 403
GET  relationship_wish                    own.ended             in  403 in  302 302 404 404 404 404 302 404 403 403 403
POST relationship_wish                    own.active            in  403 in  422 422 404 422 404 404 422 404 403 403 403
POST relationship_wish                    own.decided           in  403 in  302 302 404 302 404 404 302 404 403 403 403
POST relationship_wish                    own.ended             in  403 in  302 302 404 404 404 404 302 404 403 403 403
GET  relationship_pause                   own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_pause                   own.paused            in  403 in  302 302 404 302 404 404 302 404 403 403 403
GET  relationship_pause                   own.ended             in  403 in  302 302 404 404 404 404 302 404 403 403 403
POST relationship_pause                   own.active            in  403 in  422 422 404 422 404 404 422 404 403 403 403
POST relationship_pause                   own.paused            in  403 in  302 302 404 302 404 404 302 404 403 403 403
POST relationship_pause                   own.ended             in  403 in  302 302 404 404 404 404 302 404 403 403 403
GET  relationship_resume                  own.paused            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_resume                  own.active            in  403 in  302 302 404 302 404 404 302 404 403 403 403
GET  relationship_resume                  own.ended             in  403 in  302 302 404 404 404 404 302 404 403 403 403
POST relationship_resume                  own.paused            in  403 in  422 422 404 422 404 404 422 404 403 403 403
POST relationship_resume                  own.active            in  403 in  302 302 404 302 404 404 302 404 403 403 403
POST relationship_resume                  own.ended             in  403 in  302 302 404 404 404 404 302 404 403 403 403
GET  relationship_end                     own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_end                     own.decided           in  403 in  302 302 404 302 404 404 302 404 403 403 403
GET  relationship_end                     own.ended             in  403 in  302 302 404 404 404 404 302 404 403 403 403
POST relationship_end                     own.active            in  403 in  422 422 404 422 404 404 422 404 403 403 403
POST relationship_end                     own.decided           in  403 in  302 302 404 302 404 404 302 404 403 403 403
POST relationship_end                     own.ended             in  403 in  302 302 404 404 404 404 302 404 403 403 403
GET  relationship_close                   own.ended             in  403 in  200 200 404 403 403 403 403 403 403 403 403
GET  relationship_close                   own.active            in  403 in  302 302 404 403 403 403 403 403 403 403 403
GET  relationship_close                   own.decided           in  403 in  403 403 404 403 403 403 403 403 403 403 403
POST relationship_close                   own.ended             in  403 in  422 422 404 403 403 403 403 403 403 403 403
POST relationship_close                   own.active            in  403 in  302 302 404 403 403 403 403 403 403 403 403
POST relationship_close                   own.decided           in  403 in  403 403 404 403 403 403 403 403 403 403 403
GET  relationship_change_partner          own.active            in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  relationship_change_partner          own.ended             in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST relationship_change_partner          own.active            in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST relationship_change_partner          own.ended             in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  wish_handle                          own.wish              in  403 in  200 200 404 403 403 403 403 403 403 403 403
POST wish_handle                          own.wish              in  403 in  302 302 404 403 403 403 403 403 403 403 403
GET  feedback_give                        own.parent_feedback   in  403 in  403 404 404 404 404 404 200 404 403 403 403
GET  feedback_give                        own.partner_feedback  in  403 in  403 404 404 404 404 200 404 404 403 403 403
GET  feedback_give                        own.worker_feedback   in  403 in  403 200 404 404 404 404 404 404 403 403 403
POST feedback_give                        own.parent_feedback   in  403 in  403 404 404 404 404 404 422 404 403 403 403
POST feedback_give                        own.partner_feedback  in  403 in  403 404 404 404 404 422 404 404 403 403 403
POST feedback_give                        own.worker_feedback   in  403 in  403 422 404 404 404 404 404 404 403 403 403
# Pairing: meetings
GET  meeting_log                          own.active            in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  meeting_log                          own.decided           in  403 in  403 403 403 403 404 404 403 403 403 403 403
GET  meeting_log                          own.ended             in  403 in  403 403 403 404 404 404 403 403 403 403 403
POST meeting_log                          own.active            in  403 in  403 403 403 422 404 404 403 403 403 403 403
POST meeting_log                          own.decided           in  403 in  403 403 403 403 404 404 403 403 403 403 403
POST meeting_log                          own.ended             in  403 in  403 403 403 404 404 404 403 403 403 403 403
GET  meeting_plan                         own.active            in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  meeting_plan                         own.decided           in  403 in  403 403 403 403 404 404 403 403 403 403 403
GET  meeting_plan                         own.ended             in  403 in  403 403 403 404 404 404 403 403 403 403 403
POST meeting_plan                         own.active            in  403 in  403 403 403 422 404 404 403 403 403 403 403
POST meeting_plan                         own.decided           in  403 in  403 403 403 403 404 404 403 403 403 403 403
POST meeting_plan                         own.ended             in  403 in  403 403 403 404 404 404 403 403 403 403 403
GET  meeting_list                         -                     in  403 in  200 403 403 200 200 200 200 200 403 403 403
GET  meeting_detail                       own.meeting           in  403 in  200 403 403 200 404 404 200 404 403 403 403
GET  meeting_detail                       own.ended_meeting     in  403 in  200 403 403 404 404 404 200 404 403 403 403
GET  meeting_held                         own.planned_meeting   in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  meeting_held                         own.meeting           in  403 in  403 403 403 403 404 404 403 403 403 403 403
GET  meeting_held                         own.ended_planned     in  403 in  403 403 403 404 404 404 403 403 403 403 403
POST meeting_held                         own.planned_meeting   in  403 in  403 403 403 422 404 404 403 403 403 403 403
POST meeting_held                         own.meeting           in  403 in  403 403 403 422 404 404 403 403 403 403 403
POST meeting_held                         own.ended_planned     in  403 in  403 403 403 404 404 404 403 403 403 403 403
GET  meeting_correct                      own.meeting           in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  meeting_correct                      own.ended_meeting     in  403 in  403 403 403 404 404 404 403 403 403 403 403
GET  meeting_correct                      own.planned_meeting   in  403 in  403 403 403 403 404 404 403 403 403 403 403
POST meeting_correct                      own.meeting           in  403 in  403 403 403 422 404 404 403 403 403 403 403
POST meeting_correct                      own.ended_meeting     in  403 in  403 403 403 404 404 404 403 403 403 403 403
POST meeting_correct                      own.planned_meeting   in  403 in  403 403 403 403 404 404 403 403 403 403 403
GET  meeting_not_held                     own.planned_meeting   in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  meeting_not_held                     own.meeting           in  403 in  403 403 403 403 404 404 403 403 403 403 403
POST meeting_not_held                     own.planned_meeting   in  403 in  403 403 403 422 404 404 403 403 403 403 403
POST meeting_not_held                     own.meeting           in  403 in  403 403 403 422 404 404 403 403 403 403 403
GET  meeting_echo                         own.meeting           in  403 in  403 403 403 403 403 403 200 404 403 403 403
GET  meeting_echo                         own.ended_meeting     in  403 in  403 403 403 403 403 403 200 404 403 403 403
GET  meeting_echo                         own.planned_meeting   in  403 in  403 403 403 403 403 403 403 404 403 403 403
POST meeting_echo                         own.meeting           in  403 in  403 403 403 403 403 403 302 404 403 403 403
POST meeting_echo                         own.ended_meeting     in  403 in  403 403 403 403 403 403 302 404 403 403 403
POST meeting_echo                         own.planned_meeting   in  403 in  403 403 403 403 403 403 403 404 403 403 403
# Pairing: what a partner says of the own limits
GET  talk_wish                            -                     in  403 in  403 403 403 200 200 200 403 403 403 403 403
GET  talk_handled                         own.talk              in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  own_areas                            -                     in  403 in  403 403 403 200 200 200 403 403 403 403 403
GET  exclusion_create                     own.partner           in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  exclusion_remove                     own.exclusion         in  403 in  200 403 403 404 404 404 403 403 403 403 403
GET  exclusion_remove                     own.own_area          in  403 in  200 403 403 200 404 404 403 403 403 403 403
POST talk_wish                            -                     in  403 in  403 403 403 302 302 302 403 403 403 403 403
POST talk_handled                         own.talk              in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST own_areas                            -                     in  403 in  403 403 403 422 422 422 403 403 403 403 403
POST exclusion_create                     own.partner           in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST exclusion_remove                     own.exclusion         in  403 in  302 403 403 404 404 404 403 403 403 403 403
POST exclusion_remove                     own.own_area          in  403 in  302 403 403 302 404 404 403 403 403 403 403
# Pairing: care of the partners
GET  supervision_list                     -                     in  403 in  200 403 403 200 200 200 403 403 403 403 403
GET  supervision_list                     ?past                 in  403 in  200 403 403 200 200 200 403 403 403 403 403
GET  supervision_list                     ?to_mark              in  403 in  200 403 403 200 200 200 403 403 403 403 403
GET  supervision_create                   -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  supervision_detail                   own.supervision       in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  supervision_detail                   own.held_supervision  in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  supervision_edit                     own.supervision       in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  supervision_cancel                   own.supervision       in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  supervision_mark                     own.unmarked_time     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  supervision_mark                     own.supervision       in  403 in  403 403 403 403 403 403 403 403 403 403 403
GET  partner_load                         -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  partner_load                         ?nothing              in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST supervision_create                   -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST supervision_edit                     own.supervision       in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST supervision_cancel                   own.supervision       in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST supervision_mark                     own.unmarked_time     in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST supervision_mark                     own.supervision       in  403 in  422 403 403 403 403 403 403 403 403 403 403
# Tasks
GET  assignment_list                      -                     in  403 in  200 403 403 200 200 200 403 403 403 403 403
GET  assignment_create                    -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST assignment_create                    -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  assignment_detail                    own.assignment        in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  assignment_detail                    own.child_assignment  in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  assignment_offer                     own.child_assignment  in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  assignment_detail                    own.done_assignment   in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  assignment_offer                     own.assignment        in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  assignment_offer                     own.done_assignment   in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST assignment_offer                     own.assignment        in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST assignment_offer                     own.done_assignment   in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  assignment_edit                      own.assignment        in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  assignment_edit                      own.done_assignment   in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST assignment_edit                      own.assignment        in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  assignment_confirm                   own.assignment        in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST assignment_confirm                   own.assignment        in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  assignment_complete                  own.assignment        in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST assignment_complete                  own.assignment        in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  assignment_cancel                    own.assignment        in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST assignment_cancel                    own.assignment        in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  assignment_detail                    own.agreed_assignment in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  assignment_complete                  own.agreed_assignment in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST assignment_complete                  own.agreed_assignment in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  assignment_cancel                    own.agreed_assignment in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST assignment_cancel                    own.agreed_assignment in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  participation_step_down              own.accepted          in  403 in  403 403 403 200 404 404 403 403 403 403 403
POST participation_step_down              own.accepted          in  403 in  403 403 403 302 404 404 403 403 403 403 403
GET  participation_step_down              own.participation     in  403 in  403 403 403 302 404 404 403 403 403 403 403
GET  participation_preparation            own.accepted          in  403 in  403 403 403 200 404 404 403 403 403 403 403
POST participation_preparation            own.accepted          in  403 in  403 403 403 422 404 404 403 403 403 403 403
GET  participation_take_back              own.participation     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST participation_take_back              own.participation     in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  participation_take_back              own.accepted          in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  participation_count_after_all        own.left_out          in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST participation_count_after_all        own.left_out          in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  participation_count_after_all        own.accepted          in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  assignment_kind_list                 -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  assignment_kind_create               -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST assignment_kind_create               -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  assignment_kind_edit                 common.kind           in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST assignment_kind_edit                 common.kind           in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  fee_rule_list                        -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  fee_rule_create                      -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST fee_rule_create                      -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  fee_rule_end                         common.fee_rule       in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST fee_rule_end                         common.fee_rule       in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  participation_answer                 own.participation     in  403 in  403 403 403 200 404 404 403 403 403 403 403
POST participation_answer                 own.participation     in  403 in  403 403 403 422 404 404 403 403 403 403 403
GET  fee_list                             -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  fee_detail                           own.fee               in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  fee_claim                            own.fee               in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  fee_claim                            own.claimed_fee       in  403 in  403 403 403 302 404 404 403 403 403 403 403
POST fee_claim                            own.fee               in  403 in  403 403 403 302 404 404 403 403 403 403 403
POST fee_claim                            own.claimed_fee       in  403 in  403 403 403 302 404 404 403 403 403 403 403
GET  fee_approve                          own.claimed_fee       in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  fee_approve                          own.fee               in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST fee_approve                          own.claimed_fee       in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST fee_approve                          own.fee               in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  fee_reject                           own.claimed_fee       in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST fee_reject                           own.claimed_fee       in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  fee_detail                           own.waived_fee        in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  fee_detail                           own.orderer_fee       in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  fee_claim                            own.waived_fee        in  403 in  403 403 403 302 404 404 403 403 403 403 403
GET  fee_waive                            own.fee               in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  fee_waive                            own.claimed_fee       in  403 in  403 403 403 302 404 404 403 403 403 403 403
POST fee_waive                            own.fee               in  403 in  403 403 403 302 404 404 403 403 403 403 403
POST fee_waive                            own.claimed_fee       in  403 in  403 403 403 302 404 404 403 403 403 403 403
GET  fee_take_again                       own.waived_fee        in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  fee_take_again                       own.fee               in  403 in  403 403 403 302 404 404 403 403 403 403 403
POST fee_take_again                       own.waived_fee        in  403 in  403 403 403 302 404 404 403 403 403 403 403
GET  fee_paid_by_orderer                  own.orderer_fee       in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  fee_paid_by_orderer                  own.claimed_fee       in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST fee_paid_by_orderer                  own.orderer_fee       in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  fee_project_pays                     own.orderer_fee       in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  fee_project_pays                     own.claimed_fee       in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST fee_project_pays                     own.orderer_fee       in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST fee_approve_many                     -                     in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST fee_draft                            -                     in  403 in  302 403 403 403 403 403 403 403 403 403 403
# What is settled beforehand, and a partner's own money
GET  own_money                            -                     in  403 in  403 403 403 200 200 200 403 403 403 403 403
GET  own_terms                            -                     in  403 in  403 403 403 200 200 200 403 403 403 403 403
POST own_terms                            -                     in  403 in  403 403 403 422 422 422 403 403 403 403 403
GET  record_note_create                   own.partner           in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST record_note_create                   own.partner           in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  record_note_remove                   own.record_note       in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST record_note_remove                   own.record_note       in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  partner_terms                        own.partner           in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST partner_terms                        own.partner           in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  meeting_terms_list                   -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  meeting_terms_create                 -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST meeting_terms_create                 -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  meeting_terms_end                    own.meeting_terms     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST meeting_terms_end                    own.meeting_terms     in  403 in  422 403 403 403 403 403 403 403 403 403 403
# Travel: a partner the own, staff all; the administrator keeps the rates
GET  travel_list                          -                     in  403 in  200 403 403 200 200 200 403 403 403 403 403
GET  travel_create                        -                     in  403 in  403 403 403 200 200 200 403 403 403 403 403
POST travel_create                        -                     in  403 in  403 403 403 422 422 422 403 403 403 403 403
GET  travel_detail                        own.travel            in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  travel_detail                        own.returned_travel   in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  travel_detail                        own.orderer_travel    in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  travel_edit                          own.returned_travel   in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  travel_edit                          own.travel            in  403 in  403 403 403 302 404 404 403 403 403 403 403
POST travel_edit                          own.returned_travel   in  403 in  403 403 403 422 404 404 403 403 403 403 403
POST travel_edit                          own.travel            in  403 in  403 403 403 422 404 404 403 403 403 403 403
GET  travel_withdraw                      own.travel            in  403 in  403 403 403 200 404 404 403 403 403 403 403
GET  travel_withdraw                      own.orderer_travel    in  403 in  403 403 403 302 404 404 403 403 403 403 403
POST travel_withdraw                      own.travel            in  403 in  403 403 403 302 404 404 403 403 403 403 403
POST travel_withdraw                      own.orderer_travel    in  403 in  403 403 403 302 404 404 403 403 403 403 403
GET  travel_approve                       own.travel            in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  travel_approve                       own.returned_travel   in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST travel_approve                       own.travel            in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST travel_approve                       own.returned_travel   in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  travel_reject                        own.travel            in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  travel_reject                        own.returned_travel   in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST travel_reject                        own.travel            in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  travel_paid_by_orderer               own.orderer_travel    in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  travel_paid_by_orderer               own.travel            in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST travel_paid_by_orderer               own.orderer_travel    in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  travel_project_pays                  own.orderer_travel    in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  travel_project_pays                  own.travel            in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST travel_project_pays                  own.orderer_travel    in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  travel_rate_list                     -                     in  403 in  200 403 403 200 200 200 403 403 403 403 200
GET  travel_rate_create                   -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST travel_rate_create                   -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  travel_rate_edit                     common.loose_rate     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  travel_rate_edit                     common.travel_rate    in  403 in  403 403 403 403 403 403 403 403 403 403 302
POST travel_rate_edit                     common.loose_rate     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  travel_rate_end                      common.travel_rate    in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST travel_rate_end                      common.travel_rate    in  403 in  403 403 403 403 403 403 403 403 403 403 422
# Payment batches and corrections: staff only
GET  batch_list                           -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  batch_create                         -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST batch_create                         -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  batch_detail                         own.batch             in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  batch_csv                            own.batch             in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  batch_xlsx                           own.batch             in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  batch_control                        own.batch             in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  batch_pay                            own.batch             in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST batch_pay                            own.batch             in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  correction_list                      -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  correction_create                    own.exported_fee      in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST correction_create                    own.exported_fee      in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  correction_create                    own.exported_travel   in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST correction_create                    own.exported_travel   in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  correction_create                    own.fee               in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  correction_approve                   own.correction        in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST correction_approve                   own.correction        in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  correction_withdraw                  own.correction        in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST correction_withdraw                  own.correction        in  403 in  302 403 403 403 403 403 403 403 403 403 403
# Orders: everybody's form, the holder of a link, the staff
GET  order_create                         -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST order_create                         -                     422 422 422 422 422 422 422 422 422 422 422 422 422 422
GET  order_to                             public.shown          200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_to                             public.named          200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_to                             public.hidden         404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST order_to                             public.shown          422 422 422 422 422 422 422 422 422 422 422 422 422 422
GET  order_sent                           -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_open                           link.order_valid      302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  order_open                           link.order_to_agree   302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  order_open                           link.order_done       302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  order_open                           link.order_expired    302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  order_open                           link.order_revoked    404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_open                           link.order_elsewhere  404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_open                           link.order_unknown    404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_follow                         -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_follow                         holds.order_valid     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_follow                         holds.order_to_agree  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_follow                         holds.order_agreed    200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_follow                         holds.order_done      200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_follow                         holds.order_reviewed  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_follow                         holds.order_declined  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_follow                         holds.order_expired   404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_follow                         holds.order_revoked   404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_follow                         holds.order_elsewhere 404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_agree                          -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST order_agree                          -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_agree                          holds.order_to_agree  200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_agree                          holds.order_valid     302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST order_agree                          holds.order_to_agree  302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST order_agree                          holds.order_expired   404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_withdraw                       -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST order_withdraw                       -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_withdraw                       holds.order_valid     200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_withdraw                       holds.order_done      302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST order_withdraw                       holds.order_valid     302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST order_withdraw                       holds.order_expired   404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_feedback                       -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
POST order_feedback                       -                     404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_feedback                       holds.order_done      200 200 200 200 200 200 200 200 200 200 200 200 200 200
GET  order_feedback                       holds.order_reviewed  302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST order_feedback                       holds.order_done      422 422 422 422 422 422 422 422 422 422 422 422 422 422
POST order_feedback                       holds.order_expired   404 404 404 404 404 404 404 404 404 404 404 404 404 404
GET  order_renewed                        -                     200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST order_renew                          -                     302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST order_renew                          holds.order_expired   302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  order_list                           -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  order_detail                         own.order             in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  order_detail                         own.taken_order       in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  order_take                           own.order             in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  order_take                           own.taken_order       in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST order_take                           own.order             in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST order_take                           own.taken_order       in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  order_decline                        own.order             in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  order_decline                        own.taken_order       in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST order_decline                        own.order             in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST order_decline                        own.taken_order       in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  order_contact                        own.order             in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST order_contact                        own.order             in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  order_link_send                      own.order             in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST order_link_send                      own.order             in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  order_link_revoke                    own.order_link        in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST order_link_revoke                    own.order_link        in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  assignment_agreed_told               own.ordered_assignment in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  assignment_agreed_told               own.assignment        in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST assignment_agreed_told               own.ordered_assignment in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST assignment_agreed_told               own.assignment        in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  order_add_contact                    own.assignment        in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  order_add_contact                    own.ordered_assignment in  403 in  302 403 403 403 403 403 403 403 403 403 403
POST order_add_contact                    own.assignment        in  403 in  422 403 403 403 403 403 403 403 403 403 403
POST order_add_contact                    own.ordered_assignment in  403 in  422 403 403 403 403 403 403 403 403 403 403
# Reports and own data
GET  report                               -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  report_rows                          ?meetings_held        in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  who_looked                           -                     in  403 in  403 403 403 200 200 200 200 200 403 403 403
# Pairing: goals and benefit
GET  relationship_benefit                 own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_benefit                 own.decided           in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  relationship_benefit                 own.ended             in  403 in  200 200 404 404 404 404 200 404 403 403 403
GET  review_add                           own.active            in  403 in  200 200 404 403 403 403 403 403 403 403 403
GET  review_add                           own.decided           in  403 in  403 403 404 403 403 403 403 403 403 403 403
GET  review_add                           own.ended             in  403 in  200 200 404 403 403 403 403 403 403 403 403
POST review_add                           own.active            in  403 in  302 302 404 403 403 403 403 403 403 403 403
POST review_add                           own.decided           in  403 in  403 403 404 403 403 403 403 403 403 403 403
POST review_add                           own.ended             in  403 in  302 302 404 403 403 403 403 403 403 403 403
GET  review_hold                          own.review            in  403 in  200 200 404 403 403 403 403 403 403 403 403
GET  review_hold                          own.held_review       in  403 in  302 302 404 403 403 403 403 403 403 403 403
GET  review_hold                          own.ended_review      in  403 in  200 200 404 403 403 403 403 403 403 403 403
POST review_hold                          own.review            in  403 in  422 422 404 403 403 403 403 403 403 403 403
POST review_hold                          own.held_review       in  403 in  422 422 404 403 403 403 403 403 403 403 403
POST review_hold                          own.ended_review      in  403 in  422 422 404 403 403 403 403 403 403 403 403
GET  assessment_answer                    own.round             in  403 in  403 200 404 200 404 404 200 404 403 403 403
GET  assessment_answer                    own.first_round       in  403 in  403 302 404 302 404 404 302 404 403 403 403
GET  assessment_answer                    own.ended_round       in  403 in  403 200 404 404 404 404 200 404 403 403 403
POST assessment_answer                    own.round             in  403 in  403 422 404 422 404 404 422 404 403 403 403
POST assessment_answer                    own.ended_round       in  403 in  403 422 404 404 404 404 422 404 403 403 403
GET  assessment_record                    own.round             in  403 in  200 200 404 403 403 403 403 403 403 403 403
GET  assessment_record                    own.first_round       in  403 in  302 302 404 403 403 403 403 403 403 403 403
GET  assessment_record                    own.ended_round       in  403 in  200 200 404 403 403 403 403 403 403 403 403
POST assessment_record                    own.round             in  403 in  422 422 404 403 403 403 403 403 403 403 403
POST assessment_record                    own.ended_round       in  403 in  422 422 404 403 403 403 403 403 403 403 403
# Worries, incidents and grievances: the staff and whoever raised it, nobody else
GET  concern_guide                        own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
GET  concern_guide                        own.ended             in  403 in  200 200 404 404 404 404 200 404 403 403 403
GET  concern_record                       own.active            in  403 in  200 200 404 200 404 404 403 403 403 403 403
POST concern_record                       own.active            in  403 in  422 422 404 422 404 404 403 403 403 403 403
GET  incident_raise_about                 own.active            in  403 in  200 200 404 200 404 404 200 404 403 403 403
POST incident_raise_about                 own.active            in  403 in  422 422 404 422 404 404 422 404 403 403 403
GET  incident_raise                       -                     in  403 in  200 200 200 200 200 200 200 200 403 403 403
POST incident_raise                       -                     in  403 in  422 422 422 422 422 422 422 422 403 403 403
GET  incident_list                        -                     in  403 in  200 200 200 200 200 200 200 200 403 403 403
GET  incident_detail                      own.incident          in  403 in  200 404 404 404 404 404 200 404 403 403 403
GET  incident_take                        own.incident          in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST incident_take                        own.incident          in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  incident_answer                      own.incident          in  403 in  403 403 403 403 403 403 403 403 403 403 403
POST incident_answer                      own.incident          in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  incident_reopen                      own.answered_incident in  403 in  403 404 404 404 404 404 200 404 403 403 403
POST incident_reopen                      own.answered_incident in  403 in  403 404 404 404 404 404 302 404 403 403 403
GET  incident_close                       own.answered_incident in  403 in  200 404 404 404 404 404 200 404 403 403 403
POST incident_close                       own.answered_incident in  403 in  302 404 404 404 404 404 302 404 403 403 403
# Making the work known: staff all, a partner where she or he was present
GET  outreach_list                        -                     in  403 in  200 403 403 200 200 200 403 403 403 403 403
GET  outreach_list                        ?outreach_narrowed    in  403 in  200 403 403 200 200 200 403 403 403 403 403
GET  outreach_create                      -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST outreach_create                      -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  outreach_summary                     -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  outreach_summary                     ?this_year            in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  outreach_detail                      own.outreach          in  403 in  200 403 403 200 404 404 403 403 403 403 403
GET  outreach_edit                        own.outreach          in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST outreach_edit                        own.outreach          in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  outreach_delete                      own.outreach          in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST outreach_delete                      own.outreach          in  403 in  302 403 403 403 403 403 403 403 403 403 403
GET  media_list                           -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
GET  media_create                         -                     in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST media_create                         -                     in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  media_edit                           common.media_hit      in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST media_edit                           common.media_hit      in  403 in  422 403 403 403 403 403 403 403 403 403 403
GET  media_delete                         common.media_hit      in  403 in  200 403 403 403 403 403 403 403 403 403 403
POST media_delete                         common.media_hit      in  403 in  302 403 403 403 403 403 403 403 403 403 403
# The calendar: everybody but the administrator has something in it
GET  calendar                             -                     in  403 in  200 200 200 200 200 200 200 200 200 200 403
GET  calendar_list                        -                     in  403 in  200 200 200 200 200 200 200 200 200 200 403
GET  calendar_list                        ?one_day              in  403 in  200 200 200 200 200 200 200 200 200 200 403
# The registers of organisations and grants: data without persons
GET  organisation_list                    -                     in  403 in  200 403 403 403 403 403 403 403 403 403 200
GET  organisation_create                  -                     in  403 in  200 403 403 403 403 403 403 403 403 403 200
POST organisation_create                  -                     in  403 in  422 403 403 403 403 403 403 403 403 403 422
GET  organisation_edit                    own.organisation      in  403 in  200 403 403 403 403 403 403 403 403 403 200
POST organisation_edit                    own.organisation      in  403 in  422 403 403 403 403 403 403 403 403 403 422
GET  grant_list                           -                     in  403 in  200 403 403 403 403 403 403 403 403 403 200
GET  grant_create                         -                     in  403 in  200 403 403 403 403 403 403 403 403 403 200
POST grant_create                         -                     in  403 in  422 403 403 403 403 403 403 403 403 403 422
GET  grant_edit                           common.grant          in  403 in  200 403 403 403 403 403 403 403 403 403 200
POST grant_edit                           common.grant          in  403 in  422 403 403 403 403 403 403 403 403 403 422
# Data without persons, kept by the administrator
GET  contact_point_list                   -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  contact_point_create                 -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST contact_point_create                 -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  contact_point_edit                   common.contact_point  in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST contact_point_edit                   common.contact_point  in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  topic_list                           -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  topic_create                         -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST topic_create                         -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  topic_edit                           common.topic          in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST topic_edit                           common.topic          in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  legal_ground_list                    -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  legal_ground_create                  -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST legal_ground_create                  -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  legal_ground_edit                    common.legal_ground   in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST legal_ground_edit                    common.legal_ground   in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  guide_text_list                      -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  guide_text_create                    -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST guide_text_create                    -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
GET  commitment_text_list                 -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
GET  commitment_text_create               -                     in  403 in  403 403 403 403 403 403 403 403 403 403 200
POST commitment_text_create               -                     in  403 in  403 403 403 403 403 403 403 403 403 403 422
"""


@dataclass(frozen=True)
class Row:
    """One door, asked in one way about one thing."""

    method: str
    name: str
    thing: str
    answers: tuple[str, ...]
    section: str = ""

    @property
    def expected(self) -> dict[str, str]:
        """Point of view → answer."""
        return dict(zip(POINTS, self.answers, strict=True))

    def points_that_get_in(self) -> list[str]:
        """Those who are let in, or may try."""
        return [point for point, answer in self.expected.items() if answer in ("200", "302", "422", "409")]

    def outsiders(self) -> list[str]:
        """Those to whom the thing is not there."""
        return [point for point, answer in self.expected.items() if answer == "404"]

    def has_outsiders(self) -> bool:
        in_hand = self.thing.startswith(("link.", "holds.", "public."))
        return bool(self.thing) and not in_hand and bool(self.outsiders())

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.thing}".strip()


def _read(table: str) -> list[Row]:
    rows, section = [], ""
    for line in table.splitlines():
        if line.startswith("#"):
            section = line.lstrip("# ")
        if not line.strip() or line.startswith("#"):
            continue
        method, name, thing, *answers = line.split()
        if len(answers) != len(POINTS):
            raise ValueError(f"{len(answers)} answers instead of {len(POINTS)}: {line}")
        rows.append(Row(method, name, "" if thing == "-" else thing, tuple(answers), section))
    return rows


MATRIX = _read(TABLE)
