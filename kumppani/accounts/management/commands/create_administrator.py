"""The first administrator of a new service. There is no superuser and no password on a command line."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from kumppani.accounts.actor import SystemActor
from kumppani.accounts.models import RoleGrant, User
from kumppani.accounts.roles import Role
from kumppani.accounts.services import add_role, create_user, invite
from kumppani.core.letters import link


class Command(BaseCommand):
    help = "Open an account for an administrator; the person chooses a password by the link of an invitation."

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True, help="the person signs in with it")
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", default="")
        parser.add_argument(
            "--language", choices=list(dict(settings.LANGUAGES)), default=settings.LANGUAGE_CODE
        )
        parser.add_argument(
            "--another", action="store_true", help="also when there is an administrator already"
        )
        parser.add_argument(
            "--print-link",
            action="store_true",
            help="print the invitation's link here instead of sending a letter (no mail server yet)",
        )

    @transaction.atomic
    def handle(self, *args, email, first_name, last_name, language, another, print_link, **options):
        email = User.objects.normalize(email)
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError("This is not an e-mail address.") from error
        if RoleGrant.objects.of_administrators().exists() and not another:
            raise CommandError(
                "There is an administrator already, who can open accounts. For one more: --another"
            )
        by = SystemActor()
        user = User.objects.filter(email=email).first()
        if user is None:
            user = create_user(
                email=email,
                first_name=first_name,
                last_name=last_name,
                language=language,
                role=Role.ADMINISTRATOR,
                by=by,
            )
        elif not user.is_active:
            raise CommandError("The account with this address is closed.")
        elif not user.grants.held().filter(role=Role.ADMINISTRATOR).exists():
            add_role(user=user, role=Role.ADMINISTRATOR, by=by)
        if user.has_usable_password():
            self.stdout.write(
                f"{user.email} is an administrator and signs in with the password chosen earlier."
            )
            return
        invitation = invite(user=user, by=by, by_letter=not print_link)
        days = settings.INVITATION_DAYS
        if print_link:
            path = reverse("invitation_open", args=[invitation.make_token()])
            self.stdout.write(f"Choose a password here, once, within {days} days: {link(path)}")
        else:
            self.stdout.write(
                f"An invitation for {user.email} is queued; the worker sends it. It is good for {days} days."
            )
