"""The room's records."""

from pairing.models.agreement import (
    AcknowledgedHow,
    Acknowledgement,
    Agreement,
    AgreementKind,
    BenefitArea,
    Goal,
    GuideKind,
    GuideText,
    StartMeeting,
)
from pairing.models.care import (
    Care,
    PresenceState,
    Supervision,
    SupervisionKind,
    SupervisionPresence,
)
from pairing.models.closing import Closing, Feedback
from pairing.models.concern import Channel, ConcernRecord, ContactPoint, Incident, IncidentKind
from pairing.models.decision import Decision, Funding, LegalGround
from pairing.models.directory import DirectoryConsent, DirectoryField, Exclusion, ExclusionKind
from pairing.models.meeting import Meeting, MeetingCorrection, MeetingEcho, MeetingKind, TalkWish
from pairing.models.people import (
    SPEECH_LANGUAGES,
    Commitment,
    CommitmentKind,
    CommitmentText,
    ContactWay,
    ExperiencePartner,
    Parent,
    PartnerState,
    SocialWorker,
    Substitution,
    Topic,
    TopicKind,
)
from pairing.models.relationship import (
    AcquaintanceMeeting,
    EndedBy,
    HandOver,
    PairAnswer,
    Party,
    Pause,
    PlaceKind,
    Relationship,
    Wish,
    WishKind,
)
from pairing.models.reminder import Reminder
from pairing.models.request import Candidate, ContactRequest, RequestBy, RequestRoute
from pairing.models.review import (
    ITEMS_OF,
    SCORES,
    STEPS,
    Assessment,
    AssessmentAnswer,
    AssessmentRound,
    GoalScore,
    Item,
    Moment,
    Review,
    ReviewOutcome,
)
