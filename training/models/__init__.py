"""Training: cohorts, their sessions and trainers, and the people who take part (B4–B13, A37).

The trainee's own story is never stored (B9). A completed enrolment is the only door to becoming a partner; the taking
in is done in `pairing`, of which this room knows nothing.
"""

from training.models.cohorts import Cohort, Session, SessionKind, Trainer
from training.models.enrolments import ApplicantLetter, ApplicantLink, Attendance, Enrolment, MakeUp
from training.models.feedback import CohortFeedback

__all__ = [
    "ApplicantLetter",
    "ApplicantLink",
    "Attendance",
    "Cohort",
    "CohortFeedback",
    "Enrolment",
    "MakeUp",
    "Session",
    "SessionKind",
    "Trainer",
]
