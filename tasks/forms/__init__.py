"""What is typed in this room."""

from tasks.forms.assignments import AnswerForm, AssignmentForm, OfferForm
from tasks.forms.fees import RejectForm

__all__ = ["AnswerForm", "AssignmentForm", "OfferForm", "RejectForm"]
