"""Forms read words and check them; they do not decide."""

from pairing.forms.agreements import AcknowledgeForm, StartMeetingForm
from pairing.forms.changes import (
    ChangePartnerForm,
    ClosingForm,
    EndForm,
    FeedbackForm,
    PauseForm,
    ResumeForm,
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
from pairing.forms.meetings import LENGTHS, CorrectMeetingForm, LogMeetingForm, NotHeldForm, PlanMeetingForm
from pairing.forms.people import ParentAccountForm, PartnerAccountForm, TakeInForm
from pairing.forms.public import CONTACT_FORMS, DirectoryFilterForm, PublicSelfForm
from pairing.forms.relationships import YES_NO, AnswerForm, DecisionForm
from pairing.forms.requests import CompleteRequestForm, ProposeForm, RequestForm
