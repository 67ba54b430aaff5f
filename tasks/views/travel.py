"""Travel: a partner claims a journey on a phone, and somebody else approves it (domain 3.3)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER, STAFF, Role
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import minutes as minutes_words
from kumppani.core.templatetags.kumppani import money, number, weekday_day
from kumppani.core.views import DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList
from pairing.models import ExperiencePartner
from tasks import services
from tasks.arithmetic import VOLUNTEER_MILEAGE_EUROS, VOLUNTEER_PER_DIEM_DAYS, Allowances, PerDiem
from tasks.forms import RejectForm, TravelForm, TravelPaidForm
from tasks.forms.travel import asked_by
from tasks.models import Fee, RateKind, TravelClaim, TravelRate
from tasks.states import PayStatus
from tasks.views.base import (
    FilterByState,
    OnlyWhileOpen,
    correction_lines,
    is_paid_instead,
    paid_instead_words,
)
from tasks.views.fees import ByAnother

# From how much of a yearly maximum on a person is reminded of it. No source sets this.
NEAR = 90


# --- In words ---------------------------------------------------------------------------------------------
def sum_lines(claim: TravelClaim, sums: Allowances | None) -> list[dict]:
    """How the sum is made up, line by line; a line without an amount waits for its rate."""
    lines = []
    if claim.km:
        words = gettext("%(km)s km") % {"km": number(claim.km)}
        if sums is not None:
            words = gettext("%(km)s km × %(rate)s") % {"km": number(claim.km), "rate": money(sums.km_rate)}
        note = ""
        if claim.passengers:
            note = ngettext(
                "own car, with %(count)s passenger", "own car, with %(count)s passengers", claim.passengers
            ) % {"count": claim.passengers}
        lines.append({"words": words, "note": note, "amount": sums and sums.km_amount})
    if claim.per_diem:
        lines.append(
            {
                "words": capfirst(claim.get_per_diem_display()),
                "note": per_diem_words(claim),
                "amount": sums and sums.per_diem_amount,
            }
        )
    if claim.receipts_amount:
        note = gettext("there are receipts") if claim.has_receipts else gettext("without receipts")
        lines.append(
            {
                "words": gettext("Tickets and other costs"),
                "note": note,
                "amount": claim.receipts_amount,
            }
        )
    return lines


def per_diem_words(claim: TravelClaim) -> str:
    """Why the journey gives this per diem, or none."""
    away = {"away": minutes_words(claim.minutes)}
    if claim.per_diem == PerDiem.FULL:
        return gettext("away for %(away)s: over 10 hours") % away
    if claim.per_diem == PerDiem.PARTIAL:
        return gettext("away for %(away)s: over 6 hours, 10 at most") % away
    if claim.is_far:
        return gettext("no per diem: away for %(away)s, and it needs over 6 hours") % away
    return gettext("no per diem: the place is not far enough")


def missing_rates(claim: TravelClaim) -> list[str]:
    """The rates its sum waits for."""
    rates = TravelRate.on(claim.day)
    wanted = {
        RateKind.KM: claim.km and rates.km is None,
        RateKind.PASSENGER_KM: claim.km and claim.passengers and rates.passenger_km is None,
        RateKind.PARTIAL: claim.per_diem == PerDiem.PARTIAL and rates.partial is None,
        RateKind.FULL: claim.per_diem == PerDiem.FULL and rates.full is None,
    }
    return [str(kind.label) for kind, is_missing in wanted.items() if is_missing]


def year_words(year: int, so_far: services.VolunteerYear) -> dict:
    """The yearly counters of an unpaid volunteer in words: `facts` always, `warnings` near the maximum and over it."""
    facts = {
        "year": year,
        "sum": money(so_far.km_euros),
        "days": so_far.per_diem_days,
        "most": money(VOLUNTEER_MILEAGE_EUROS),
        "most_days": VOLUNTEER_PER_DIEM_DAYS,
        "sum_left": money(max(so_far.km_left, 0)),
        "days_left": max(so_far.days_left, 0),
    }
    warnings = []
    if so_far.km_left < 0:
        warnings.append(
            gettext(
                "Kilometres for work without pay come to %(sum)s in %(year)s. %(most)s a year are free of tax; what"
                " goes over may be taxed."
            )
            % facts
        )
    elif so_far.km_euros * 100 >= VOLUNTEER_MILEAGE_EUROS * NEAR:
        warnings.append(
            gettext(
                "Kilometres for work without pay come to %(sum)s in %(year)s. Of the %(most)s a year that are free"
                " of tax, %(sum_left)s are left."
            )
            % facts
        )
    if so_far.days_left < 0:
        warnings.append(
            gettext(
                "Days with a per diem for work without pay: %(days)s in %(year)s. %(most_days)s days a year are free"
                " of tax; what goes over may be taxed."
            )
            % facts
        )
    elif so_far.per_diem_days * 100 >= VOLUNTEER_PER_DIEM_DAYS * NEAR:
        warnings.append(
            gettext(
                "Days with a per diem for work without pay: %(days)s in %(year)s. Of the %(most_days)s days a year"
                " that are free of tax, %(days_left)s are left."
            )
            % facts
        )
    return {
        "km": gettext("%(sum)s of %(most)s") % facts,
        "days": gettext("%(days)s of %(most_days)s") % facts,
        "year": year,
        "warnings": warnings,
    }


def year_with(claim: TravelClaim, sums: Allowances | None) -> dict | None:
    """The counters of the claim's year with this claim in them; None where it is not for work without pay."""
    if not claim.is_volunteer or claim.status in (PayStatus.REJECTED, PayStatus.WITHDRAWN):
        return None
    so_far = services.volunteer_year(claim.partner, claim.day.year)
    if claim.rate_is_missing and sums is not None:
        so_far = so_far._replace(km_euros=so_far.km_euros + sums.km_amount)
    return year_words(claim.day.year, so_far)


class InWords:
    """What the pages about one claim say of it."""

    def get_queryset(self):
        return super().get_queryset().with_source().select_related("claimed_by", "approved_by")

    def told(self) -> dict:
        """The sum and how it is made up, the yearly counters, and what to look at before approving."""
        claim = self.object
        sums = services.sums_of(claim) if claim.rate_is_missing else claim
        year = year_with(claim, sums if claim.rate_is_missing else None)
        missing = missing_rates(claim) if sums is None else []
        return {
            "lines": sum_lines(claim, sums),
            "total": sums.total if sums is not None else None,
            "is_preview": claim.rate_is_missing and sums is not None,
            "missing": missing,
            "per_diem_note": "" if claim.per_diem else per_diem_words(claim),
            "year": year,
            "warnings": [*self.warnings(), *(year["warnings"] if year else [])],
        }

    def warnings(self) -> list[str]:
        """What deserves a look before the claim is approved. Told, never forbidden."""
        claim, found = self.object, []
        if claim.status not in (PayStatus.CLAIMED, PayStatus.REJECTED):
            return []
        if claim.receipts_amount and not claim.has_receipts:
            found.append(
                gettext("%(sum)s of tickets and other costs are without receipts.")
                % {"sum": money(claim.receipts_amount)}
            )
        same_day = TravelClaim.objects.visible_to(self.actor).filter(partner=claim.partner).on_day(claim.day)
        if same_day.exclude(pk=claim.pk).exists():
            found.append(gettext("There is another travel claim for the same day."))
        if claim.thing_day is not None and claim.thing_day != claim.day:
            found.append(
                gettext("The journey was on %(day)s, and what it was for was on %(other)s.")
                % {"day": day_words(claim.day), "other": day_words(claim.thing_day)}
            )
        if claim.is_volunteer and self.has_a_fee():
            found.append(gettext("It is claimed as work without pay, and there is a fee for this work."))
        return found

    def has_a_fee(self) -> bool:
        """Whether a fee has been drafted, claimed or paid for the work after all."""
        claim = self.object
        if not (claim.participation_id or claim.meeting_id):
            return False
        fees = Fee.objects.visible_to(self.actor).filter(
            participation=claim.participation_id, meeting=claim.meeting_id
        )
        return fees.exclude(status=PayStatus.WAIVED).exists()


# --- Lists and one claim ----------------------------------------------------------------------------------
class TravelList(FilterByState, VisibleList):
    """Staff: what waits for approval first. A partner: the own claims, the newest first."""

    allowed_roles = STAFF | PARTNER
    model = TravelClaim
    title = _("Travel claims")

    @property
    def for_partner(self) -> bool:
        return self.actor.role == Role.PARTNER

    @property
    def template_name(self) -> str:
        return "tasks/travel_list_own.html" if self.for_partner else "tasks/travel_list.html"

    def tabs(self):
        if self.for_partner:
            return {"all": (_("All"), tuple(PayStatus))}
        return {
            "claimed": (_("Waiting for approval"), (PayStatus.CLAIMED,)),
            "rejected": (_("Sent back"), (PayStatus.REJECTED,)),
            "approved": (_("Approved"), (PayStatus.APPROVED,)),
            "exported": (_("Sent to be paid"), (PayStatus.EXPORTED,)),
            "paid": (_("Paid"), (PayStatus.PAID,)),
        }

    @property
    def order(self) -> tuple[str, ...]:
        """What has waited longest for approval is first; of the others the newest journey."""
        return ("claimed_at", "id") if self.state == "claimed" else ("-departs_at", "-id")

    def get_queryset(self):
        return super().get_queryset().filter(status__in=self.statuses).with_source()

    def extra(self, rows) -> dict:
        sums = TravelClaim.objects.visible_to(self.actor).sums()
        for claim in rows:
            claim.may_approve = claim.can_approve(self.actor)
            claim.may_edit = claim.can_edit(self.actor)
        on_the_way = (PayStatus.CLAIMED, PayStatus.APPROVED, PayStatus.EXPORTED)
        return {
            "chips": self.chips({status: count for status, (count, _sum) in sums.items()}),
            "waiting": sum(sums[status][1] for status in on_the_way),
            "paid": sums[PayStatus.PAID][1],
            "together": sum(sums[status][1] for status in self.statuses),
            "together_count": sum(sums[status][0] for status in self.statuses),
            "state": self.state,
            "longest_first": self.state == "claimed",
        }


class TravelDetail(InWords, VisibleDetail):
    """One journey: how its sum is made up, and what has happened to it, in words."""

    allowed_roles = STAFF | PARTNER
    model = TravelClaim
    template_name = "tasks/travel_detail.html"
    title = _("Travel claim")

    def get_back(self):
        return reverse("travel_list"), gettext("All travel claims")

    def extra(self) -> dict:
        claim = self.object
        for_staff = self.actor.role == Role.STAFF
        return {
            **self.told(),
            "for_staff": for_staff,
            "history": self.history(),
            "may_edit": claim.can_edit(self.actor),
            "may_withdraw": claim.can_withdraw(self.actor),
            "may_approve": claim.can_approve(self.actor),
            "may_mark_paid": claim.can_mark_paid(self.actor),
            "may_correct": claim.can_correct(self.actor),
            "may_pay_instead": claim.can_be_paid_by_project(self.actor),
            "is_own_claim": for_staff and claim.status == PayStatus.CLAIMED and claim.is_own(self.actor),
        }

    def history(self) -> list[dict]:
        """What has happened, the oldest first. A partner reads roles, not the names of staff."""
        claim = self.object
        names = {}
        if self.actor.role == Role.STAFF:
            names = {user.pk: user.get_full_name() for user in (claim.claimed_by, claim.approved_by) if user}
        names[self.actor.user_id] = gettext("You")
        words = {
            PayStatus.CLAIMED: gettext("Mended and claimed again"),
            PayStatus.APPROVED: gettext("Approved"),
            PayStatus.REJECTED: gettext("Sent back, to be looked at again"),
            PayStatus.EXPORTED: gettext("Sent to be paid"),
            PayStatus.PAID: gettext("Paid"),
            PayStatus.WITHDRAWN: gettext("Taken back"),
        }
        claimer = names.get(claim.claimed_by_id) or Role.PARTNER.label
        lines = [{"at": claim.created_at, "words": gettext("Claimed"), "who": claimer}]
        for change in claim.changes():
            role = Role(change.actor_role).label if change.actor_role in Role.values else ""
            said = paid_instead_words() if is_paid_instead(change) else words[change.new]
            lines.append({"at": change.at, "words": said, "who": names.get(change.actor_id) or role})
        if claim.status == PayStatus.REJECTED:
            lines[-1]["because"] = claim.rejected_because
        return lines + correction_lines(claim)


# --- The partner ------------------------------------------------------------------------------------------
class _TravelForm:
    """What claiming and mending share."""

    allowed_roles = PARTNER
    form_class = TravelForm
    template_name = "tasks/travel_form.html"

    def own_partner(self) -> ExperiencePartner:
        return ExperiencePartner.objects.visible_to(self.actor).get()

    def answer_words(self, claim: TravelClaim) -> str:
        """What was saved, in words, and what comes next."""
        facts = {"what": claim.what, "day": weekday_day(claim.day)}
        if claim.rate_is_missing:
            return (
                gettext(
                    "Saved: %(what)s, %(day)s. The rate of that year is not here yet, so the sum is worked out later."
                )
                % facts
            )
        return gettext("Saved: %(what)s, %(day)s: %(sum)s. The staff look at it, and you get a notice.") % {
            **facts,
            "sum": money(claim.total),
        }

    def answer(self, made) -> HttpResponse:
        claim = TravelClaim.objects.visible_to(self.actor).get(pk=made)
        return self.done(self.answer_words(claim), claim.get_absolute_url())


class TravelCreate(_TravelForm, FormPage):
    """Claim a journey, on a phone. `?participation=`, `?meeting=` or `?outreach=` names what it was for."""

    title = _("Claim travel")
    lead = _("One claim for each journey. Fill in what belongs to it and leave the rest empty.")
    submit_label = _("Claim the journey")

    def get_back(self):
        return reverse("travel_list"), gettext("All travel claims")

    def form_kwargs(self) -> dict:
        return {"asked": asked_by(self.request.GET)}

    def extra(self) -> dict:
        """Near a yearly maximum one reads of it before one claims."""
        year = today().year
        return {"warnings": year_words(year, services.volunteer_year(self.own_partner(), year))["warnings"]}

    def deed(self, form) -> TravelClaim:
        return services.claim_travel(by=self.actor, partner=self.own_partner(), **form.facts())


class TravelEdit(OnlyWhileOpen, _TravelForm, VisibleForm):
    """Mend a claim that was sent back, and claim it again."""

    model = TravelClaim
    title = _("Mend the claim")
    submit_label = _("Claim the journey again")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The claim")

    def form_kwargs(self) -> dict:
        return {"claim": self.object}

    def is_open(self) -> bool:
        return self.object.can_edit(self.actor)

    def deed(self, form) -> TravelClaim:
        services.mend_travel(claim=self.object, by=self.actor, **form.facts())
        return self.object


class TravelWithdraw(OnlyWhileOpen, DeedView):
    """The partner takes a claim back before it is approved."""

    allowed_roles = PARTNER
    model = TravelClaim
    question = _("Take this claim back?")
    button = _("Take it back")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def is_open(self) -> bool:
        return self.object.can_withdraw(self.actor)

    def get_lead(self) -> str:
        return gettext("%(what)s, %(day)s.") % {
            "what": self.object.what,
            "day": weekday_day(self.object.day),
        }

    def consequences(self) -> list[str]:
        return [
            gettext("Nothing is paid for this journey."),
            gettext("You can make a new claim for it later."),
        ]

    def deed(self) -> str:
        services.withdraw_travel(claim=self.object, by=self.actor)
        return gettext("You have taken the claim back.")


# --- The staff --------------------------------------------------------------------------------------------
class _OfStaff(OnlyWhileOpen, InWords):
    """What the deeds of staff share."""

    allowed_roles = STAFF
    model = TravelClaim

    def is_open(self) -> bool:
        return self.object.status == PayStatus.CLAIMED

    def facts(self) -> dict:
        return {
            "name": self.object.partner.name,
            "what": self.object.what,
            "day": day_words(self.object.day),
            "sum": money(self.object.total) or gettext("a sum still to be worked out"),
        }


class TravelApprove(_OfStaff, ByAnother, DeedView):
    """Another person than the claimer approves, with the sum and what deserves a look before the eyes."""

    template_name = "tasks/travel_approve.html"
    question = _("Approve this journey?")
    button = _("Approve the claim")

    def is_open(self) -> bool:
        return super().is_open() and (not self.object.rate_is_missing or self.sum_is_known())

    def sum_is_known(self) -> bool:
        return services.sums_of(self.object) is not None

    def closed_sentence(self) -> str:
        if super().is_open():
            return gettext("A rate of this journey's day is missing. An administrator adds it first.")
        return super().closed_sentence()

    def get_lead(self) -> str:
        return gettext("%(name)s, %(day)s, for: %(what)s.") % self.facts()

    def consequences(self) -> list[str]:
        return [
            gettext("Your name is written down as the approver."),
            gettext("The partner gets a notice. You cannot take this back."),
        ]

    def context(self, **extra) -> dict:
        return super().context(**self.told(), **extra)

    def deed(self) -> str:
        services.approve_travel(claim=self.object, by=self.actor)
        return gettext("Approved: %(sum)s to %(name)s.") % self.facts()


class TravelReject(_OfStaff, ByAnother, VisibleForm):
    """Send a claim back, with words that help to mend it."""

    form_class = RejectForm
    title = _("Send the claim back")
    submit_label = _("Send back")

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The claim")

    def get_lead(self) -> str:
        return (
            gettext("%(sum)s to %(name)s, for: %(what)s. The partner can mend the claim and send it again.")
            % self.facts()
        )

    def deed(self, form) -> TravelClaim:
        services.reject_travel(claim=self.object, because=form.cleaned_data["because"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("The claim has been sent back, and the partner has been told."),
            self.object.get_absolute_url(),
        )


class TravelPaidByOrderer(_OfStaff, VisibleForm):
    """What the orderer pays goes through no batch: the staff write down on which day it was paid."""

    form_class = TravelPaidForm
    title = _("The orderer has paid")
    submit_label = _("Save")

    def is_open(self) -> bool:
        return self.object.can_mark_paid(self.actor)

    def closed_sentence(self) -> str:
        if self.object.status == PayStatus.APPROVED:
            return gettext("What the project pays goes through a payment batch.")
        return super().closed_sentence()

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The claim")

    def get_lead(self) -> str:
        return gettext("%(sum)s to %(name)s, for: %(what)s. The partner gets a notice.") % self.facts()

    def deed(self, form) -> TravelClaim:
        services.travel_paid_by_orderer(claim=self.object, on=form.cleaned_data["on"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(gettext("Saved: the journey has been paid."), self.object.get_absolute_url())
