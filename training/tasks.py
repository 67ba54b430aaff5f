"""What the worker sends for this room. Arguments are ids only; tokens are made at sending."""

from kumppani.accounts.links import send_letter_of
from kumppani.core.queue import task
from training.letters import applicant_letter
from training.models import ApplicantLink


@task()
def send_applicant_link(link_id: str, attempt: int = 1) -> None:
    """Send the letter of a link to somebody in the training."""
    link = ApplicantLink.objects.select_related("enrolment").filter(pk=link_id).first()
    send_letter_of(link, applicant_letter, send_applicant_link, attempt)
