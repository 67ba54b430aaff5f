"""The room's records."""

from pairing.models.agreement import (
    AcknowledgedHow,
    Acknowledgement,
    Agreement,
    AgreementKind,
    BenefitArea,
    Goal,
    StartMeeting,
)
from pairing.models.decision import Decision, Funding, LegalGround
from pairing.models.meeting import Meeting, MeetingKind, PlaceKind
from pairing.models.people import (
    Commitment,
    CommitmentKind,
    CommitmentText,
    ContactWay,
    ExperiencePartner,
    Parent,
    SocialWorker,
)
from pairing.models.relationship import PairAnswer, Party, Relationship
from pairing.models.request import ContactRequest, RequestBy, RequestRoute
