"""Forms read words and check them; they do not decide."""

from pairing.forms.agreements import AcknowledgeForm, ProposeAgreementForm, StartMeetingForm
from pairing.forms.care import PresenceForm, SupervisionEditForm, SupervisionForm
from pairing.forms.changes import (
    ChangePartnerForm,
    ClosingForm,
    EndForm,
    FeedbackForm,
    PauseForm,
    ResumeForm,
    StepBackForm,
    WishForm,
)
from pairing.forms.concerns import (
    ConcernForm,
    ContactPointEditForm,
    ContactPointForm,
    IncidentAnswerForm,
    IncidentForm,
    TopicEditForm,
    TopicForm,
)
from pairing.forms.decisions import DecisionForm
from pairing.forms.meetings import LENGTHS, CorrectMeetingForm, LogMeetingForm, NotHeldForm, PlanMeetingForm
from pairing.forms.pairs import (
    AcquaintanceForm,
    AnswerForm,
    ExclusionForm,
    OwnAreaForm,
    ProposeForm,
)
from pairing.forms.people import ParentAccountForm, PartnerAccountForm, TakeInForm
from pairing.forms.public import CONTACT_FORMS, DirectoryFilterForm, PublicSelfForm
from pairing.forms.requests import CompleteRequestForm, RequestForm
from pairing.forms.reviews import AssessmentForm, HoldReviewForm
from pairing.forms.texts import CommitmentTextForm, GuideTextForm, LegalGroundEditForm, LegalGroundForm
from pairing.forms.workers import HandOverForm, SubstitutionForm
