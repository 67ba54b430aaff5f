"""What the worker sends for this room. Arguments are ids only; tokens are made at sending."""

from kumppani.accounts.links import send_letter_of
from kumppani.core.queue import task
from tasks.letters import order_letter
from tasks.models import OrderLink


@task()
def send_order_letter(link_id: str, attempt: int = 1) -> None:
    """Send the letter of a link to an order."""
    link = OrderLink.objects.select_related("order").filter(pk=link_id).first()
    send_letter_of(link, order_letter, send_order_letter, attempt)
