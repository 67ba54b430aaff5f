"""What the holder of a one-purpose link sees and does: one application, for a fortnight (trust.md 1).

No page here says the person's name, and none names anybody else.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.views.links import LinkDeed, LinkMixin, LinkPage, LinkRenewed, OpenLink, RenewLink
from kumppani.core.dates import today
from kumppani.core.limits import Limit
from training import services
from training.models import ApplicantLink, Cohort, Enrolment, Session
from training.states import CohortStatus, EnrolmentStatus

# Sessions that stand open on the page; those further away unfold.
SESSIONS_SHOWN = 5


class ApplicantLinkMixin(LinkMixin):
    """Links of people in the training. Every link opens the page that says how things stand; what a letter asks for
    is offered there.
    """

    link_model = ApplicantLink
    session_key = "applicant_link"
    follow_page, renew_page, renewed_page = "application_follow", "application_renew", "application_renewed"
    window_title = _("Your application")


class ApplicationOpen(ApplicantLinkMixin, OpenLink):
    """The address in the letter."""


class ApplicantPage(ApplicantLinkMixin, LinkPage):
    """A page about the person of the link: `self.link`, `self.enrolment`, `self.cohort`."""

    @property
    def enrolment(self) -> Enrolment:
        return self.link.enrolment

    @cached_property
    def cohort(self) -> Cohort:
        return self.enrolment.cohort

    @property
    def may_withdraw(self) -> bool:
        return self.enrolment.may_move_to(EnrolmentStatus.WITHDRAWN)

    def context(self, **extra) -> dict:
        return super().context(enrolment=self.enrolment, cohort=self.cohort, **extra)


class ApplicationFollow(ApplicantPage):
    """How things stand, in words."""

    template_name = "training/application_follow.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        interview_at = self.enrolment.interview_at if self.enrolment.is_waiting else None
        is_coming = interview_at is not None and interview_at > timezone.now()
        sessions = self.coming_sessions()
        return self.page(
            link=self.link,
            may_withdraw=self.may_withdraw,
            may_give_feedback=self.enrolment.may_give_feedback(),
            is_called_off=self.cohort.status == CohortStatus.CANCELLED,
            interview_is_coming=is_coming,
            interview_is_over=interview_at is not None and not is_coming,
            kept_days=settings.APPLICATION_KEPT_DAYS,
            write_url=self.write_url(),
            soon=sessions[:SESSIONS_SHOWN],
            later=sessions[SESSIONS_SHOWN:],
        )

    def coming_sessions(self) -> list[Session]:
        """For whoever has a place: the programme from today on, what has been called off too."""
        if not (self.enrolment.is_under_way and self.cohort.is_open):
            return []
        return list(self.cohort.sessions.filter(date__gte=today()).in_order())

    def get_back(self) -> tuple[str, str]:
        return "", ""


class ApplicationWithdraw(ApplicantPage, LinkDeed):
    """The applicant has changed the mind, before the training has begun."""

    title = _("Withdraw your application?")
    button = _("Yes, withdraw it")
    danger = True

    def is_open(self) -> bool:
        return self.may_withdraw

    def consequences(self) -> list[str]:
        return [
            gettext("Your place becomes free for somebody else.")
            if self.enrolment.status == EnrolmentStatus.ACCEPTED
            else gettext("We do not look at it any more."),
            gettext("You need not say why."),
            gettext("You cannot take this back, but you are welcome to apply again."),
        ]

    def deed(self) -> str:
        services.withdraw_applicant(enrolment=self.enrolment)
        return gettext("Your application has been withdrawn.")


class ApplicationRenew(ApplicantLinkMixin, RenewLink):
    """A fresh link to the address that the person gave."""

    renew_from = (Limit("application_renew", settings.APPLY_PER_HOUR, 60 * 60),)
    renew_for = (Limit("application_renew_for", 3, 60 * 60 * 24),)

    def renew(self, token_hash: str) -> None:
        services.renew_applicant_link(token_hash=token_hash)


class ApplicationRenewed(ApplicantLinkMixin, LinkRenewed):
    """Where the fresh link arrives, if one does."""
