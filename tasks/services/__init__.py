"""The deeds of this room: one function a deed, keyword arguments, one transaction."""

from tasks.services.assignments import (
    answer_offer,
    cancel_assignment,
    complete_assignment,
    offer,
    record_assignment,
    suggested_fee,
)
from tasks.services.fees import (
    approve_fee,
    claim_fee,
    draft_fees,
    fee_paid_by_orderer,
    reject_fee,
    take_fee_again,
    waive_fee,
)

__all__ = [
    "answer_offer",
    "approve_fee",
    "cancel_assignment",
    "claim_fee",
    "complete_assignment",
    "draft_fees",
    "fee_paid_by_orderer",
    "offer",
    "record_assignment",
    "reject_fee",
    "suggested_fee",
    "take_fee_again",
    "waive_fee",
]
