"""The letters to people in the training who have no account: neutral, in their own language, each with a fresh link.

Neither a name nor what the training is about stands in them, for an inbox may be seen by somebody else.
"""

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.links import link_letter
from training.models import ApplicantLetter, ApplicantLink

# Letter → (subject, what has happened and what the link is for).
SENTENCES = {
    ApplicantLetter.RECEIVED: (
        _("Your application has come"),
        _("thank you for applying. We read it and answer you. Here you see how it goes on:"),
    ),
    ApplicantLetter.INTERVIEW: (
        _("A time to talk"),
        _("we would like to talk with you. The time and the place are here:"),
    ),
    ApplicantLetter.ACCEPTED: (
        _("You have a place"),
        _("thank you for applying: there is a place for you. Welcome! The dates are here:"),
    ),
    ApplicantLetter.RESERVE: (
        _("An answer to your application"),
        _(
            "thank you for applying. All places are taken just now, and you are the next in line if one becomes free."
            " Here you see how it goes on:"
        ),
    ),
    ApplicantLetter.REJECTED: (
        _("An answer to your application"),
        _(
            "thank you for applying, and for the time you gave us. This time we cannot offer you a place. That says"
            " nothing about what you can do, and you are welcome to apply again. Here you see how it stands:"
        ),
    ),
    ApplicantLetter.WITHDRAWN: (
        _("Your application has been withdrawn"),
        _("your application has been withdrawn. You are welcome to apply again. Here you see how it stands:"),
    ),
    ApplicantLetter.CALLED_OFF: (
        _("What you applied for is not held this time"),
        _(
            "we are sorry: what you applied for has been called off this time. You are welcome to apply again. Here you"
            " see how it stands:"
        ),
    ),
    ApplicantLetter.CHANGED: (
        _("A change in the programme"),
        _("a day, a time or a place in the programme has changed. Here you see how it is now:"),
    ),
    ApplicantLetter.FEEDBACK: (
        _("How was it?"),
        _("thank you for your time with us. How was it? It takes two minutes to tell us, without your name:"),
    ),
    ApplicantLetter.RENEWED: (_("A fresh link for you"), _("here is a fresh link for you:")),
}


def applicant_letter(link: ApplicantLink, token: str) -> EmailMultiAlternatives:
    """The letter of a link. `token` goes into its address and is kept nowhere."""
    subject, sentence = SENTENCES[ApplicantLetter(link.letter)]
    return link_letter(
        link,
        language=link.enrolment.language,
        subject=subject,
        sentence=sentence,
        path=reverse("application_open", args=[token]),
    )
