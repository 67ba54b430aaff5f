"""Forms of the training."""

from training.forms.applying import (
    ApplicantContactForm,
    ApplicationForm,
    InterviewForm,
    RecordApplicationForm,
)
from training.forms.attendance import MakeUpForm, MarkForm
from training.forms.cohorts import CohortEditForm, CohortForm, CohortOpenForm
from training.forms.completion import CompletionForm
from training.forms.feedback import CohortFeedbackForm
from training.forms.programme import (
    CopyChoice,
    CopyForm,
    SessionEditForm,
    SessionForm,
    TrainerEditForm,
    TrainerForm,
)

__all__ = [
    "ApplicantContactForm",
    "ApplicationForm",
    "CohortEditForm",
    "CohortFeedbackForm",
    "CohortForm",
    "CohortOpenForm",
    "CompletionForm",
    "CopyChoice",
    "CopyForm",
    "InterviewForm",
    "MakeUpForm",
    "MarkForm",
    "RecordApplicationForm",
    "SessionEditForm",
    "SessionForm",
    "TrainerEditForm",
    "TrainerForm",
]
