"""The letters to an order's contact: neutral, in the order's language, each with a fresh one-purpose link.

Neither what was ordered, nor from whom, nor any partner's name stands in them. Only a "no" brings the staff's
own words.
"""

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.links import link_letter
from tasks.models import Letter, OrderLink

# Letter → (subject, what has happened and what the link is for).
SENTENCES = {
    Letter.RECEIVED: (
        _("Your order has come"),
        _("thank you for your order. We read it and answer you. Here you see how it goes on:"),
    ),
    Letter.TAKEN: (
        _("Your order has been taken on"),
        _(
            "we have taken your order on, and look for somebody who can come. You hear from us as soon as it is agreed."
            " Here you see how it goes on:"
        ),
    ),
    Letter.DECLINED: (
        _("An answer to your order"),
        _("thank you for your order. This time we cannot take it on:"),
    ),
    Letter.AGREE: (
        _("Your order waits for your yes"),
        _("your organisation pays for this order, and the sum waits for your yes. Look at it here:"),
    ),
    Letter.CONFIRMED: (
        _("Your order is agreed"),
        _("what you ordered is agreed. The day, the place and the sum are here:"),
    ),
    Letter.CANCELLED: (
        _("Your order has been called off"),
        _("what you ordered has been called off. You can look at it here:"),
    ),
    Letter.FEEDBACK: (
        _("How did it go?"),
        _("thank you for working with us. How was it? It takes two minutes to tell us:"),
    ),
    Letter.RENEWED: (_("A fresh link to your order"), _("here is a fresh link to your order:")),
}


def order_letter(link: OrderLink, token: str) -> EmailMultiAlternatives:
    """The letter of a link. `token` goes into its address and is kept nowhere."""
    subject, sentence = SENTENCES[Letter(link.letter)]
    return link_letter(
        link,
        language=link.order.language,
        subject=subject,
        sentence=sentence,
        because=link.order.declined_because if link.letter == Letter.DECLINED else "",
        path=reverse("order_open", args=[token]),
    )
