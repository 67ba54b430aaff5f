"""Forms of the training."""

from training.forms.attendance import MakeUpForm, MarkForm
from training.forms.cohorts import CohortEditForm, CohortForm, CohortOpenForm
from training.forms.programme import (
    CopyChoice,
    CopyForm,
    SessionEditForm,
    SessionForm,
    TrainerEditForm,
    TrainerForm,
)

__all__ = [
    "CohortEditForm",
    "CohortForm",
    "CohortOpenForm",
    "CopyChoice",
    "CopyForm",
    "MakeUpForm",
    "MarkForm",
    "SessionEditForm",
    "SessionForm",
    "TrainerEditForm",
    "TrainerForm",
]
