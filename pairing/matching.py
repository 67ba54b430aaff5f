"""Which partners could fit a request, and why: in words, never as a score (domain 5.4).

What a partner must have stands here twice, once for ten thousand partners at a time and once in words for one of them:
`Demand.fitting()` leaves out in the database exactly those for whom `hindrances()` finds a sentence. A test holds the
two against each other; `services.pair_hindrances` asks the same again when the deed is done.

What is preferred only sets the order: the parent's own choice, the same area and shared themes, few relationships,
and then whoever has been without one the longest (fair rotation).
"""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.core.templatetags.kumppani import day
from pairing.models import (
    CommitmentText,
    ContactRequest,
    Exclusion,
    ExclusionKind,
    ExperiencePartner,
    Relationship,
    Topic,
)
from pairing.states import RelationshipStatus

SHOWN = 20
# Where a written area names several: "Turku, Salo", "Turku ja Salo".
BETWEEN_AREAS = re.compile(r"[,;/&\n]|\b(?:ja|tai|sekä|och|eller|samt|and|or)\b", re.IGNORECASE)


# What has been between the two for this very request stands in the way, each in its own words.
ASKED_ALREADY = gettext_lazy("This partner has been asked already, and the two did not go on.")
EARLIER = {
    RelationshipStatus.ACTIVE: gettext_lazy("This is the parent's present partner."),
    RelationshipStatus.PAUSED: gettext_lazy("This is the parent's present partner."),
    RelationshipStatus.ENDED: gettext_lazy("This has been the parent's partner already."),
    RelationshipStatus.ACQUAINTING: gettext_lazy("This partner is being asked now."),
    RelationshipStatus.PROPOSED: gettext_lazy("This partner is being asked now."),
    RelationshipStatus.DECIDED: gettext_lazy("This partner is being asked now."),
}


# --- areas, as people write them ---------------------------------------------------------------------------
def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def lies_within(area: str, wider: str) -> bool:
    """Whether `wider` is or names this area, word by word: "Salo" lies in "Turku, Salo", not in "Salonkylä"."""
    inner, outer = _words(area), _words(wider)
    return bool(inner) and any(
        outer[start : start + len(inner)] == inner for start in range(len(outer) - len(inner) + 1)
    )


def touches(areas: str, wanted: str) -> bool:
    """Whether one of the areas written here lies in the area wanted."""
    return any(lies_within(area, wanted) for area in BETWEEN_AREAS.split(areas))


def same_area(partner_area: str, wanted: str) -> bool:
    """Whether a partner who meets people there can meet somebody who would like to meet here."""
    return touches(partner_area, wanted) or touches(wanted, partner_area)


# --- what a request asks of a partner ----------------------------------------------------------------------
class Demand:
    """What one request asks of a partner, looked up once: two queries, however many partners there are."""

    def __init__(self, request: ContactRequest):
        self.request = request
        self.texts = list(CommitmentText.objects.enough())
        self.areas = self._areas() if request.area else []

    def _areas(self) -> list[str]:
        """All areas that partners have written, each once: letters beyond a–z compare alike on no two engines."""
        written = Exclusion.objects.exclude(area="").values_list("area", flat=True).order_by()
        return list(
            written.union(
                ExperiencePartner.objects.exclude(area="").values_list("area", flat=True).order_by()
            )
        )

    def _against(self) -> Q:
        """Exclusions that speak of this parent, of the parent's social worker, or of where the two would meet."""
        against = Q(area__in=[area for area in self.areas if touches(area, self.request.area)])
        if self.request.parent_id:
            against |= Q(parent=self.request.parent_id)
        if self.request.social_worker_id:
            against |= Q(social_worker=self.request.social_worker_id)
        return against & Q(partner=OuterRef("pk"))

    def _earlier(self):
        """What has been between the partner and the parent of this request, the newest first."""
        return Relationship.objects.filter(request=self.request.pk, partner=OuterRef("pk")).order_by(
            "-proposed_on", "-created_at"
        )

    def fitting(self, partners):
        """Those of `partners` whom nothing hinders. See `hindrances()` for the same in words."""
        return (
            partners.ready(self.texts)
            .with_open_count()
            .filter(
                ~Exists(Exclusion.objects.filter(self._against())),
                ~Exists(self._earlier()),
                is_available=True,
                open_relationships__lt=F("max_relationships"),
                **{f"speaks_{self.request.spoken_language or 'fi'}": True},
            )
        )

    def in_order(self, partners, *, first: Iterable[uuid.UUID | None] = ()):
        """Those who fit, with the best before. `first`: who stands on top whatever else speaks for others."""
        wished = {pk for pk in (self.request.chosen_partner_id, *first) if pk}
        shared = (
            ExperiencePartner.topics.through.objects.filter(
                experiencepartner=OuterRef("pk"),
                topic__in=ContactRequest.wishes.through.objects.filter(contactrequest=self.request.pk).values(
                    "topic"
                ),
            )
            .order_by()
            .values("experiencepartner")
            .annotate(number=Count("pk"))
            .values("number")
        )
        ended = (
            Relationship.objects.filter(partner=OuterRef("pk"), ended_on__isnull=False)
            .order_by()
            .values("partner")
            .annotate(last=Max("ended_on"))
            .values("last")
        )
        near = [area for area in self.areas if same_area(area, self.request.area)]
        # Without anybody wished for this is a plain number, and PostgreSQL takes a number in ORDER BY for a column.
        on_top = (
            [Case(When(pk__in=wished, then=1), default=0, output_field=IntegerField()).desc()]
            if wished
            else []
        )
        return (
            self.fitting(partners)
            .annotate(
                last_ended=Subquery(ended),
                # The way to a meeting is made every time: it weighs as much as two shared themes.
                closeness=Case(When(area__in=near, then=2), default=0, output_field=IntegerField())
                + Coalesce(Subquery(shared), Value(0)),
            )
            .order_by(
                *on_top,
                "-closeness",
                "open_relationships",
                F("last_ended").asc(nulls_first=True),
                "taken_in_on",
                "id",
            )
        )

    def facing(self, partners):
        """`partners` with all that `hindrances()` looks at, in two queries for any number of them."""
        return (
            partners.with_readiness()
            .with_open_count()
            .annotate(
                earlier_status=Subquery(self._earlier().values("status")[:1]),
                excluded_because=Subquery(
                    Exclusion.objects.filter(self._against()).order_by("created_at", "id").values("kind")[:1]
                ),
            )
        )

    def hindrances(self, partner: ExperiencePartner, open_now: int | None = None) -> list[str]:
        """Why this partner (one of `facing()`) is not suggested, each a sentence; empty when nothing hinders."""
        open_now = partner.open_relationships if open_now is None else open_now
        found = []
        missing = partner.missing(self.texts)
        if missing:
            found.append(_("The partner is not ready yet; missing: %(what)s.") % {"what": ", ".join(missing)})
        if partner.leaving_on is not None:
            found.append(_("The partner is leaving, or has left."))
        elif not partner.is_available:
            found.append(_("The partner is having a break."))
        if open_now >= partner.max_relationships:
            found.append(
                _("The partner has %(count)s of %(limit)s relationships.")
                % {"count": open_now, "limit": partner.max_relationships}
            )
        if not getattr(partner, f"speaks_{self.request.spoken_language or 'fi'}"):
            found.append(
                _("The partner does not speak %(language)s.") % {"language": language_of(self.request)}
            )
        if partner.excluded_because:
            found.append(
                _("The two are not to be paired: %(why)s.")
                % {"why": ExclusionKind(partner.excluded_because).label}
            )
        if partner.earlier_status:
            found.append(str(EARLIER.get(partner.earlier_status, ASKED_ALREADY)))
        return found


def candidates(
    request: ContactRequest,
    *,
    actor,
    limit: int = SHOWN,
    also: uuid.UUID | None = None,
    demand: Demand | None = None,
) -> list[ExperiencePartner]:
    """The partners who fit best, at most `limit` of them, in a constant number of queries.

    Each carries `lines`, what speaks for the person, and `explained`, the same with the name, ready for a tile.
    `also`: a partner whom the staff looked up; stands first, if he or she fits. `demand`: when it has been looked up.
    """
    wished = Topic.objects.filter(
        pk__in=ContactRequest.wishes.through.objects.filter(contactrequest=request.pk).values("topic")
    )
    found = list(
        (demand or Demand(request))
        .in_order(ExperiencePartner.objects.visible_to(actor), first=[also])
        .prefetch_related(Prefetch("topics", wished, to_attr="shared_topics"))[:limit]
    )
    free = [_free_since(partner) for partner in found if not partner.open_relationships]
    longest = min(free, default=None)
    for partner in found:
        partner.lines = list(lines(request, partner, longest))
        partner.explained = format_html(
            "<span><strong>{}</strong>{}</span>",
            partner.name,
            format_html_join("", '<span class="choice-note">{}</span>', ((line,) for line in partner.lines)),
        )
    return found


def _free_since(partner: ExperiencePartner):
    return partner.last_ended or partner.taken_in_on


def lines(request: ContactRequest, partner: ExperiencePartner, longest) -> Iterator[str]:
    """What a co-ordinator weighs, each a few words. `longest`: the earliest day since which one of them is free."""
    if partner.pk == request.chosen_partner_id:
        yield _("the parent's own wish")
    yield _("speaks %(language)s") % {"language": language_of(request)}
    if partner.area and request.area:
        words = (
            _("the same area: %(area)s")
            if same_area(partner.area, request.area)
            else _("elsewhere: %(area)s")
        )
        yield words % {"area": partner.area}
    elif partner.area:
        yield partner.area
    yield _("%(count)s of %(limit)s relationships") % {
        "count": partner.open_relationships,
        "limit": partner.max_relationships,
    }
    if not partner.open_relationships:
        is_longest = _free_since(partner) == longest
        if is_longest:
            yield _("longest without one")
        if partner.last_ended:
            yield _("without one since %(day)s") % {"day": day(partner.last_ended)}
        elif not is_longest:
            yield _("has not had one yet")
    if partner.shared_topics:
        yield _("knows: %(what)s") % {"what": ", ".join(str(topic) for topic in partner.shared_topics)}


def language_of(request: ContactRequest) -> str:
    """The name of the language the parent speaks, in the reader's language."""
    if request.parent_id:
        return request.parent.get_language_display()
    return request.get_language_display()


def hindrances_of(
    request: ContactRequest, partner: ExperiencePartner, *, open_now: int | None = None
) -> list[str]:
    """Why this partner cannot be proposed for this request, each a sentence; empty when nothing is in the way."""
    demand = Demand(request)
    faced = demand.facing(ExperiencePartner.objects.filter(pk=partner.pk)).get()
    return demand.hindrances(faced, open_now)
