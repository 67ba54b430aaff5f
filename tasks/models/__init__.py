"""What staff do beside relationships: assignments and outreach, and what is paid (A6–A17, B20–B24, domain 3)."""

from tasks.arithmetic import FeeUnit, PerDiem
from tasks.models.assignments import (
    LATE_DAYS,
    AgreedHow,
    Assignment,
    CancelledBy,
    DevelopmentTarget,
    OrdererFeedback,
    Participation,
    Payer,
)
from tasks.models.batches import PaymentBatch, PaymentRow
from tasks.models.corrections import Correction
from tasks.models.fees import Fee
from tasks.models.kinds import AssignmentKind, Category, Engagement, FeeRule, IncomeType, RecordCheck
from tasks.models.orders import Letter, Order, OrderLink
from tasks.models.outreach import AudienceKind, MediaHit, MediaKind, OutreachEvent, OutreachKind
from tasks.models.payables import Payable
from tasks.models.records import CriminalRecordNote
from tasks.models.terms import MeetingTerms, PartnerTerms, PaymentForm
from tasks.models.travel import RateKind, TravelClaim, TravelPart, TravelRate, Vehicle

__all__ = [
    "LATE_DAYS",
    "AgreedHow",
    "Assignment",
    "AssignmentKind",
    "AudienceKind",
    "CancelledBy",
    "Category",
    "Correction",
    "CriminalRecordNote",
    "DevelopmentTarget",
    "Engagement",
    "Fee",
    "FeeRule",
    "FeeUnit",
    "IncomeType",
    "Letter",
    "MediaHit",
    "MediaKind",
    "MeetingTerms",
    "Order",
    "OrderLink",
    "OrdererFeedback",
    "OutreachEvent",
    "OutreachKind",
    "Participation",
    "PartnerTerms",
    "Payable",
    "Payer",
    "PaymentBatch",
    "PaymentForm",
    "PaymentRow",
    "PerDiem",
    "RateKind",
    "RecordCheck",
    "TravelClaim",
    "TravelPart",
    "TravelRate",
    "Vehicle",
]
