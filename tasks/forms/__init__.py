"""What is typed in this room."""

from tasks.forms.assignments import (
    AnswerForm,
    AssignmentEditForm,
    AssignmentFilterForm,
    AssignmentForm,
    CancelForm,
    CompleteForm,
    OfferForm,
    PreparationForm,
)
from tasks.forms.batches import CollectForm, CorrectionForm, PayBatchForm
from tasks.forms.fees import PaidByOrdererForm, ProjectPaysForm, RejectForm
from tasks.forms.orders import (
    AddContactForm,
    ContactForm,
    DeclineOrderForm,
    OrdererFeedbackForm,
    OrderForm,
    TakeOrderForm,
)
from tasks.forms.outreach import (
    MediaEditForm,
    MediaForm,
    OutreachEditForm,
    OutreachFilter,
    OutreachForm,
    OutreachPeriod,
)
from tasks.forms.records import RecordNoteForm
from tasks.forms.rules import AssignmentKindEditForm, AssignmentKindForm, FeeRuleEndForm, FeeRuleForm
from tasks.forms.terms import EndTermsForm, MeetingTermsForm, OwnTermsForm, PartnerTermsForm
from tasks.forms.travel import TravelForm, TravelPaidForm, TravelRateEndForm, TravelRateForm

__all__ = [
    "AddContactForm",
    "AnswerForm",
    "AssignmentEditForm",
    "AssignmentFilterForm",
    "AssignmentForm",
    "AssignmentKindEditForm",
    "AssignmentKindForm",
    "CancelForm",
    "CollectForm",
    "CompleteForm",
    "ContactForm",
    "CorrectionForm",
    "DeclineOrderForm",
    "EndTermsForm",
    "FeeRuleEndForm",
    "FeeRuleForm",
    "MediaEditForm",
    "MediaForm",
    "MeetingTermsForm",
    "OfferForm",
    "OrderForm",
    "OrdererFeedbackForm",
    "OutreachEditForm",
    "OutreachFilter",
    "OutreachForm",
    "OutreachPeriod",
    "OwnTermsForm",
    "PaidByOrdererForm",
    "PartnerTermsForm",
    "PayBatchForm",
    "PreparationForm",
    "ProjectPaysForm",
    "RecordNoteForm",
    "RejectForm",
    "TakeOrderForm",
    "TravelForm",
    "TravelPaidForm",
    "TravelRateEndForm",
    "TravelRateForm",
]
