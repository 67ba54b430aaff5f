"""Loading the demo: all of it or nothing, once."""

from django.core.management import call_command
from django.db import transaction

from kumppani.accounts.models import User
from kumppani.core.dates import today
from kumppani.home.demo import (
    assignments,
    care,
    directory,
    organisations,
    partners,
    pay,
    people,
    season,
    training,
)
from kumppani.home.demo.book import demo_id
from kumppani.home.demo.current import Present
from kumppani.home.demo.pairs import Pairing
from kumppani.organisations.models import Grant, Organisation
from pairing.models import CommitmentText, GuideText, LegalGround, Parent


class NotEmpty(Exception):
    """There are data here that are not the demo's."""


def is_loaded() -> bool:
    """Whether the demo programme is in this database."""
    return Organisation.objects.filter(pk=demo_id("organisation", organisations.COORDINATOR)).exists()


@transaction.atomic
def load() -> None:
    """Load the demo programme into an empty database. Raises `NotEmpty` where somebody else's data are."""
    if any(model.objects.exists() for model in (User, Organisation, Grant, Parent)):
        raise NotEmpty
    day = today()
    call_command("install_defaults", verbosity=0)
    CommitmentText.objects.update(published_on=people.STARTED, required_from=people.STARTED)
    GuideText.objects.update(published_on=people.STARTED)
    payers = organisations.found()
    cast = people.enter(payers)
    school = training.teach(payers, cast, day)
    taken_in = partners.take_in(school, cast, day)
    directory.open_directory(taken_in, day)
    care.supervise(taken_in, day)
    pairing = Pairing(cast, LegalGround.objects.get(code="child-welfare-open-care"))
    season.play(pairing, payers, cast, taken_in)
    pay.settle_terms(taken_in)
    pay.set_fee_rules()
    book = assignments.ledger(payers, cast, taken_in)
    assignments.carry_out(book)
    pay.hear_orderers(book)
    pay.pay_season(cast)
    Present(day, pairing, payers, cast, taken_in).play()
    pairing.history.write()
