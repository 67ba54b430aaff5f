"""The deeds of this room: each one function, one transaction."""

from kumppani.core.states import AlreadyMoved, MoveRefused
from pairing.services.agreements import acknowledge, open_start_meeting, write_agreement
from pairing.services.decisions import record_decision
from pairing.services.meetings import (
    check_meeting_date,
    correct_meeting,
    log_meeting,
    meeting_not_held,
    plan_meeting,
)
from pairing.services.pairs import (
    answer_pair,
    end_relationship,
    pair_hindrances,
    partner_open_count,
    propose_pair,
    step_back,
)
from pairing.services.people import (
    give_parent_account,
    give_partner_account,
    new_user,
    partner_user,
    record_commitment,
    set_availability,
    social_worker_for,
    take_in_partner,
)
from pairing.services.requests import record_request, withdraw_request
