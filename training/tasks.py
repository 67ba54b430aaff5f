"""What the worker sends for this room. Arguments are ids only; tokens are made at sending."""

from kumppani.accounts.links import revoke_link, send_letter_of
from kumppani.core.queue import task
from training.letters import applicant_letter
from training.models import ApplicantLetter, ApplicantLink


@task()
def send_applicant_link(link_id: str, attempt: int = 1) -> None:
    """Send the letter of a link to somebody in the training."""
    link = ApplicantLink.objects.select_related("enrolment").filter(pk=link_id).first()
    if link is not None and link.letter == ApplicantLetter.CHANGED and not link.enrolment.is_under_way:
        # Whoever has left since then is not called back to a programme.
        revoke_link(link=link, by=None)
        return
    send_letter_of(link, applicant_letter, send_applicant_link, attempt)
