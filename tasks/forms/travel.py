"""What a partner types about a journey, and an administrator about rates."""

import datetime
import uuid
from decimal import Decimal

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import local_time_exists, today
from kumppani.core.forms import ChoiceTiles, DateInput, SpokenDecimalField, TimeInput, TokenForm
from kumppani.core.templatetags.kumppani import weekday_day
from kumppani.core.validators import no_identity_code
from pairing.models import Meeting
from tasks.arithmetic import per_diem_for
from tasks.models import OutreachEvent, Participation, RateKind, TravelClaim, TravelRate, Vehicle
from tasks.services.travel import fee_is_paid, late_meetings
from tasks.states import PayStatus

# How long back the list of things reaches. Older journeys are claimed as "something else".
LISTED_DAYS = 90
# Whoever types an older year has most likely mistyped it.
OLDEST_YEARS = 5
OTHER = "other"
YES, NO = "yes", "no"


class TravelForm(TokenForm):
    """One journey. What is not needed stays empty; the sums are worked out by the house.

    `claim`: the one that is mended; `asked`: the thing a link has named, as `{"meeting": id}`.
    """

    thing = forms.ChoiceField(
        label=_("What was the journey for?"),
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose from the list what the journey was for.")
        ),
    )
    purpose = forms.CharField(
        label=_("If it was something else: what?"),
        max_length=140,
        required=False,
        validators=[no_identity_code],
        help_text=_("For example: the partners' autumn day. Do not write anybody's name here."),
    )
    date = forms.DateField(
        label=_("On which day did you leave?"),
        widget=DateInput(),
        error_messages=dict.fromkeys(["required", "invalid"], _("Choose the day on which you left.")),
    )
    left_at = forms.TimeField(
        label=_("You left at"),
        widget=TimeInput(),
        error_messages=dict.fromkeys(["required", "invalid"], _("Write the time at which you left.")),
    )
    came_back_at = forms.TimeField(
        label=_("You came back at"),
        widget=TimeInput(),
        error_messages=dict.fromkeys(["required", "invalid"], _("Write the time at which you came back.")),
    )
    next_day = forms.BooleanField(label=_("I came back the next day"), required=False)
    route = forms.CharField(
        label=_("From where to where, and back?"),
        max_length=200,
        validators=[no_identity_code],
        help_text=_(
            "Towns or districts are enough, for example: Turku–Salo–Turku. Write no street and no name."
        ),
        error_messages={"required": _("Write the route, for example: Turku–Salo–Turku.")},
    )
    vehicle = forms.ChoiceField(
        label=_("How did you travel?"),
        choices=Vehicle.choices,
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose how you travelled.")},
    )
    km = SpokenDecimalField(
        label=_("Kilometres by your own car, there and back"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(3000),
        max_digits=6,
        decimal_places=1,
        error_messages={"invalid": _("Write the kilometres as a number, for example 46 or 46,5.")},
    )
    passengers = forms.IntegerField(
        label=_("Passengers in your car"),
        required=False,
        min_value=0,
        max_value=8,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Others who travelled for the same work."),
        error_messages={"invalid": _("Write the number of passengers, for example 1.")},
    )
    receipts_amount = SpokenDecimalField(
        label=_("Tickets, taxi and parking, in euros"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100_000),
        max_digits=8,
        decimal_places=2,
        error_messages={"invalid": _("Write the sum as a number, for example 4,20.")},
    )
    has_receipts = forms.BooleanField(label=_("I have the receipts"), required=False)
    is_far = forms.BooleanField(
        label=_("The place is over 15 km from my work and my home, and over 5 km from both"),
        required=False,
        help_text=_(
            "Then a journey of over 6 hours gives a partial per diem, and one of over 10 hours a full one."
        ),
    )
    paid = forms.ChoiceField(
        label=_("Is a fee or a wage paid to you for this work?"),
        choices=[(YES, _("Yes")), (NO, _("No, I do it without pay"))],
        widget=ChoiceTiles(shape="row"),
        required=False,
        help_text=_(
            "If you leave this empty, we go by what has been agreed beforehand. Whoever works without pay may get"
            " kilometres and per diems free of tax up to a yearly maximum."
        ),
    )

    def __init__(self, *args, claim: TravelClaim | None = None, asked: dict | None = None, **kwargs):
        self.claim = claim
        self.asked = asked or {}
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.things = {self._code(thing): thing for thing in self._own_things()}
        groups = {Participation: _("Assignments"), Meeting: _("Meetings"), OutreachEvent: _("Events")}
        choices = [("", _("Choose"))]
        for model, heading in groups.items():
            options = [
                (code, self._label(thing)) for code, thing in self.things.items() if type(thing) is model
            ]
            if options:
                choices.append((heading, options))
        self.fields["thing"].choices = [*choices, (OTHER, _("something else"))]
        # Whoever leaves these empty has said so: marks of "optional" would crowd a page of tiles.
        for name in ("paid", "purpose"):
            self.fields[name].has_answer_none = True
        if not self.is_bound:
            self._prefill()

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Fieldset(_("The work"), "thing", "purpose"),
            Fieldset(
                _("When and where"),
                Field("date", wrapper_class="field-short"),
                Div("left_at", "came_back_at", css_class="field-pair"),
                "next_day",
                "route",
            ),
            Fieldset(
                _("How"),
                Field("vehicle", wrapper_class="choice-grid choice-grid--list"),
                Div("km", "passengers", css_class="field-pair"),
                Field("receipts_amount", wrapper_class="field-short"),
                "has_receipts",
            ),
            Fieldset(
                _("Per diem and pay"), "is_far", Field("paid", wrapper_class="choice-grid choice-grid--row")
            ),
            *(["submission"] if "submission" in self.fields else []),
        )

    # --- What one may travel for --------------------------------------------------------------------------
    def _own_things(self) -> list:
        """The own work of the last months, the newest first; and what a link or the claim itself names."""
        since, now = today() - datetime.timedelta(days=LISTED_DAYS), today()
        claimed = TravelClaim.objects.visible_to(self.actor).exclude(status=PayStatus.WITHDRAWN)
        if self.claim is not None:
            claimed = claimed.exclude(pk=self.claim.pk)

        def listed(queryset, day: str, name: str) -> list:
            recent = queryset.filter(**{f"{day}__gte": since, f"{day}__lte": now})
            wanted = {self.asked.get(name), getattr(self.claim, f"{name}_id", None)} - {None}
            found = recent | queryset.filter(pk__in=wanted) if wanted else recent
            is_claimed = Exists(claimed.filter(**{name: OuterRef("pk")}))
            return list(found.annotate(is_claimed=is_claimed).order_by(f"-{day}", "-id"))

        participations = Participation.objects.visible_to(self.actor).taking_part()
        meetings = listed(Meeting.objects.visible_to(self.actor).held(), "date", "meeting")
        # Of a relationship that has ended, the partner sees the day of a meeting and nothing else.
        late = listed(late_meetings(self.actor), "date", "meeting")
        for meeting in late:
            meeting.starts_at = None
        found = [
            *listed(participations.select_related("assignment"), "assignment__date", "participation"),
            *sorted([*meetings, *late], key=lambda meeting: meeting.date, reverse=True),
            *listed(OutreachEvent.objects.visible_to(self.actor), "date", "outreach"),
        ]
        return [*found, *self._of_the_claim(found)]

    def _of_the_claim(self, found: list) -> list:
        """What the claim is for, where the lists no longer hold it: it was claimed, and may be claimed again."""
        thing = self.claim.thing if self.claim is not None else None
        if thing is None or thing in found:
            return []
        thing.is_claimed = False
        if isinstance(thing, Meeting):
            thing.starts_at = None
        return [thing]

    @staticmethod
    def _code(thing) -> str:
        return f"{thing._meta.model_name}:{thing.pk}"

    @staticmethod
    def purpose_of(thing) -> str:
        """The thing in a few words, without anybody's name."""
        if isinstance(thing, Participation):
            return thing.assignment.title
        if isinstance(thing, Meeting):
            return gettext("Peer-support meeting")
        return capfirst(str(thing))

    def _label(self, thing) -> str:
        words = f"{self.purpose_of(thing)}, {weekday_day(_day_of(thing))}"
        starts_at = thing.starts_at if isinstance(thing, Meeting) else None
        if starts_at:
            words = f"{words}, {time_format(starts_at)}"
        return gettext("%(what)s (claimed already)") % {"what": words} if thing.is_claimed else words

    # --- What is known beforehand -------------------------------------------------------------------------
    def _prefill(self) -> None:
        if self.claim is not None:
            self._prefill_from_claim(self.claim)
            return
        names = {"participation": Participation, "meeting": Meeting, "outreach": OutreachEvent}
        for name, pk in self.asked.items():
            thing = self.things.get(f"{names[name]._meta.model_name}:{pk}")
            if thing is not None:
                self._prefill_from_thing(thing, name)
                return

    def _prefill_from_claim(self, claim: TravelClaim) -> None:
        leaves, returns = timezone.localtime(claim.departs_at), timezone.localtime(claim.returns_at)
        self.initial |= {
            "thing": self._code(claim.thing) if claim.thing else OTHER,
            "purpose": "" if claim.thing else claim.purpose,
            "date": leaves.date(),
            "left_at": leaves.time(),
            "came_back_at": returns.time(),
            "next_day": returns.date() > leaves.date(),
            "paid": NO if claim.is_volunteer else YES,
            "km": claim.km or None,
            "passengers": claim.passengers or None,
            "receipts_amount": claim.receipts_amount or None,
            **{name: getattr(claim, name) for name in ("route", "vehicle", "has_receipts", "is_far")},
        }

    def _prefill_from_thing(self, thing, name: str) -> None:
        paid = fee_is_paid(**{name: thing})
        self.initial |= {"thing": self._code(thing), "date": _day_of(thing), "paid": YES if paid else NO}
        if isinstance(thing, Meeting):
            self.initial |= {"km": thing.travel_km or None, "receipts_amount": thing.ticket_cost or None}
            if thing.travel_km:
                self.initial["vehicle"] = Vehicle.OWN_CAR
            elif thing.ticket_cost:
                self.initial["vehicle"] = Vehicle.PUBLIC

    # --- Is it sensible? ----------------------------------------------------------------------------------
    def clean_date(self) -> datetime.date:
        day = self.cleaned_data["date"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet. Claim the journey when you are back."))
        if day.year < today().year - OLDEST_YEARS:
            raise forms.ValidationError(_("This day is many years ago. Look at the year again."))
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("thing") == OTHER and not cleaned.get("purpose") and "purpose" not in self.errors:
            self.add_error("purpose", _("Write in a few words what the journey was for."))
        self._clean_times(cleaned)
        self._clean_costs(cleaned)
        self._clean_paid(cleaned)
        if not self.errors and self._comes_to_nothing(cleaned):
            self.add_error(
                None,
                _(
                    "This journey comes to 0 €. Write the kilometres or what the tickets cost. A per diem needs a"
                    " place that is far enough and a journey of over 6 hours."
                ),
            )
        return cleaned

    def _clean_times(self, cleaned: dict) -> None:
        """`departs_at` and `minutes` of the journey, by the clocks of the day it began and the day it ended."""
        day, left_at, back_at = (cleaned.get(name) for name in ("date", "left_at", "came_back_at"))
        if day is None or left_at is None or back_at is None:
            return
        last_day = day + datetime.timedelta(days=1) if cleaned.get("next_day") else day
        for name, on, time in (("left_at", day, left_at), ("came_back_at", last_day, back_at)):
            if not local_time_exists(on, time):
                self.add_error(
                    name,
                    _("The clocks were put forward that night, and this time was left out. Write another."),
                )
                return
        leaves, returns = (
            timezone.make_aware(datetime.datetime.combine(on, time))
            for on, time in ((day, left_at), (last_day, back_at))
        )
        # Aware times of one zone are subtracted as the clock shows them; an hour of summer time is real time.
        length = returns.astimezone(datetime.UTC) - leaves.astimezone(datetime.UTC)
        if length < datetime.timedelta(minutes=1):
            self.add_error(
                "came_back_at",
                _("You came back before you left. If you came back the next day, put a tick below."),
            )
        elif length > datetime.timedelta(hours=24):
            self.add_error(
                "came_back_at", _("One claim is for 24 hours at most. Make one claim for each day.")
            )
        else:
            cleaned["departs_at"], cleaned["length"] = leaves, length

    def _clean_costs(self, cleaned: dict) -> None:
        vehicle = cleaned.get("vehicle")
        if vehicle is None:
            return
        by_own_car = vehicle == Vehicle.OWN_CAR
        if by_own_car and not cleaned.get("km") and "km" not in self.errors:
            self.add_error("km", _("Write how many kilometres you drove."))
        elif not by_own_car and cleaned.get("km"):
            self.add_error(
                "km", _("Kilometres are paid for your own car. Leave this empty, or choose your own car.")
            )
        if not by_own_car and cleaned.get("passengers"):
            self.add_error(
                "passengers",
                _("Passengers are counted in your own car. Leave this empty, or choose your own car."),
            )
        nothing_written = not cleaned.get("receipts_amount") and "receipts_amount" not in self.errors
        if cleaned.get("has_receipts") and nothing_written:
            self.add_error("receipts_amount", _("Write how much the receipts come to in euros."))

    def _clean_paid(self, cleaned: dict) -> None:
        thing = cleaned.get("thing")
        if not thing:
            return
        known = fee_is_paid(**self._source(thing))
        said = cleaned.get("paid")
        if known is None and not said and "paid" not in self.errors:
            self.add_error("paid", _("Say whether a fee or a wage is paid to you for this work."))
        elif known and said == NO:
            self.add_error(
                "paid",
                _(
                    "A fee has been agreed for this work. Answer yes; or first say on the page of the fee that you"
                    " do without it."
                ),
            )
        cleaned["is_volunteer"] = said == NO if said else known is False

    @staticmethod
    def _comes_to_nothing(cleaned: dict) -> bool:
        per_diem = per_diem_for(cleaned["length"], is_far=cleaned["is_far"])
        return not (cleaned["km"] or cleaned["receipts_amount"] or per_diem)

    def _source(self, code: str) -> dict:
        thing = self.things.get(code)
        kinds = {"participation": Participation, "meeting": Meeting, "outreach": OutreachEvent}
        return {name: thing if isinstance(thing, model) else None for name, model in kinds.items()}

    def facts(self) -> dict:
        """What the claim's row is told (see services.travel.FACTS)."""
        data = self.cleaned_data
        thing = self.things.get(data["thing"])
        return {
            **self._source(data["thing"]),
            "departs_at": data["departs_at"],
            "minutes": data["length"] // datetime.timedelta(minutes=1),
            "route": data["route"],
            "purpose": self.purpose_of(thing) if thing is not None else data["purpose"],
            "vehicle": data["vehicle"],
            "km": data["km"] or Decimal(0),
            "passengers": data["passengers"] or 0,
            "receipts_amount": data["receipts_amount"] or Decimal(0),
            "has_receipts": data["has_receipts"],
            "is_far": data["is_far"],
            "is_volunteer": data["is_volunteer"],
        }


def _day_of(thing) -> datetime.date:
    return thing.assignment.date if isinstance(thing, Participation) else thing.date


def asked_by(query) -> dict[str, uuid.UUID]:
    """What a link to the form names, as `?meeting=…`: the first that is an id. Whether it is visible is asked later."""
    for name in ("participation", "meeting", "outreach"):
        try:
            return {name: uuid.UUID(query[name])}
        except (KeyError, ValueError):
            continue
    return {}


class TravelPaidForm(TokenForm):
    """The day on which the orderer has paid."""

    on = forms.DateField(
        label=_("On which day was it paid?"),
        widget=DateInput(),
        error_messages=dict.fromkeys(["required", "invalid"], _("Choose the day.")),
    )

    def prepare(self) -> None:
        self.initial.setdefault("on", today())

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        if day.year < today().year - OLDEST_YEARS:
            raise forms.ValidationError(_("This day is many years ago. Look at the year again."))
        return day


class TravelRateForm(TokenForm):
    """One rate of the tax administration's yearly decision, and where it was read."""

    kind = forms.ChoiceField(
        label=_("Which rate?"),
        choices=RateKind.choices,
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose the rate from the list.")},
    )
    amount = SpokenDecimalField(
        label=_("How many euros?"),
        min_value=Decimal("0.01"),
        max_value=Decimal(1000),
        max_digits=6,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Write the rate as a number, for example 0,55.")
        ),
    )
    valid_from = forms.DateField(
        label=_("From which day?"),
        widget=DateInput(),
        error_messages=dict.fromkeys(["required", "invalid"], _("Choose the first day.")),
    )
    valid_to = forms.DateField(
        label=_("Until which day?"),
        widget=DateInput(),
        required=False,
        help_text=_("The rates change every year: most end on 31 December."),
        error_messages={"invalid": _("Choose the last day.")},
    )
    source = forms.CharField(
        label=_("Where did you read it?"),
        max_length=200,
        help_text=_("Write the name and the year of the source, and its web address if it has one."),
        error_messages={"required": _("Write where this rate was read.")},
    )

    def __init__(self, *args, rate: TravelRate | None = None, **kwargs):
        self.rate = rate
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if self.rate is not None and not self.is_bound:
            self.initial |= {name: getattr(self.rate, name) for name in self.facts_named()}

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Field("kind", wrapper_class="choice-grid choice-grid--list"),
            Field("amount", wrapper_class="field-short"),
            Div("valid_from", "valid_to", css_class="field-pair"),
            "source",
            *(["submission"] if "submission" in self.fields else []),
        )

    @staticmethod
    def facts_named() -> tuple[str, ...]:
        return ("kind", "amount", "valid_from", "valid_to", "source")

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        for name, day in (("valid_from", first), ("valid_to", last)):
            if day is not None and not 2000 <= day.year <= 2100:
                self.add_error(name, _("Look at the year again."))
        if first and last and last < first:
            self.add_error("valid_to", _("The last day cannot be before the first day."))
        return cleaned

    def facts(self) -> dict:
        """What the rate's row is told."""
        return {name: self.cleaned_data[name] for name in self.facts_named()}


class TravelRateEndForm(TokenForm):
    """The last day of a rate."""

    on = forms.DateField(
        label=_("Which day is the last one?"),
        widget=DateInput(),
        error_messages=dict.fromkeys(["required", "invalid"], _("Choose the last day.")),
    )

    def __init__(self, *args, rate: TravelRate, **kwargs):
        self.rate = rate
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.initial.setdefault("on", self.rate.valid_to or datetime.date(today().year, 12, 31))

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day.year > 2100:
            raise forms.ValidationError(_("Look at the year again."))
        if day < self.rate.valid_from:
            raise forms.ValidationError(_("The last day cannot be before the first day."))
        return day
