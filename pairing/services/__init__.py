"""The deeds of this room: each one function, one transaction."""

from kumppani.core.saving import save_data
from kumppani.core.states import AlreadyMoved, MoveRefused
from pairing.services.agreements import (
    GoalWords,
    acknowledge,
    close_open_agreement,
    decided_until,
    missing_for_agreeing,
    open_start_meeting,
    propose_agreement,
    withdraw_agreement,
    write_agreement,
)
from pairing.services.care import (
    MOST_MONTHS,
    busiest_week,
    cancel_supervision,
    edit_supervision,
    full_week,
    mark_presence,
    monthly_dates,
    plan_supervision,
)
from pairing.services.changes import (
    DecisionMissing,
    ask_for_decision,
    change_partner,
    end_relationship,
    give_feedback,
    handle_wish,
    make_wish,
    pause_relationship,
    resume_relationship,
    write_closing,
)
from pairing.services.concerns import (
    answer_incident,
    close_incident,
    raise_incident,
    record_concern,
    reopen_incident,
    take_incident,
    take_over_incident,
)
from pairing.services.decisions import DECIDABLE, record_decision
from pairing.services.directory import save_public_self, set_consents
from pairing.services.exclusions import add_exclusion, remove_exclusion
from pairing.services.leaving import come_back, complete_leaving, leave
from pairing.services.meetings import (
    MOST_PLANNED,
    cancel_series,
    check_meeting_date,
    correct_meeting,
    echo_meeting,
    log_meeting,
    meeting_not_held,
    plan_meeting,
    planned_dates,
    talk_handled,
    want_to_talk,
)
from pairing.services.pairs import (
    THEN_ASK,
    answer_pair,
    ask_next,
    log_acquaintance,
    pair_hindrances,
    propose_pair,
    step_back,
)
from pairing.services.people import (
    give_parent_account,
    give_partner_account,
    new_user,
    not_now,
    partner_user,
    record_commitment,
    set_availability,
    social_worker_for,
    take_in_partner,
)
from pairing.services.requests import (
    answer_request,
    complete_request,
    receive_contact,
    record_request,
    withdraw_request,
)
from pairing.services.reviews import (
    add_review,
    answer_round,
    hold_review,
    next_review,
    open_round,
    schedule_review,
)
from pairing.services.texts import publish_commitment_text, publish_guide_text
from pairing.services.workers import acting_users, end_substitution, hand_over, record_of, set_substitute
