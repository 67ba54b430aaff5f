"""What the worker sends for this room. Arguments are ids only; tokens are made at sending."""

from django.utils import timezone

from kumppani.core.letters import MAX_ATTEMPTS, sent_or_later
from kumppani.core.queue import task
from tasks.letters import order_letter
from tasks.models import OrderLink


@task()
def send_order_letter(link_id: str, attempt: int = 1) -> None:
    """Send the letter of a link that is still open. Every attempt has a fresh token; an earlier one stops working."""
    link = OrderLink.objects.select_related("order").filter(pk=link_id).first()
    if link is None or not link.is_open:
        return
    if sent_or_later(order_letter(link, link.make_token()), send_order_letter, link_id, attempt):
        OrderLink.objects.filter(pk=link.pk).update(letter_sent_at=timezone.now(), letter_given_up_at=None)
    elif attempt >= MAX_ATTEMPTS:
        OrderLink.objects.filter(pk=link.pk).update(letter_given_up_at=timezone.now())
