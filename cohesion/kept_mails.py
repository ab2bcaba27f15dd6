"""The mails of a demonstration: none leaves it, and each is kept, to be read on the page of its mails."""

from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.console import EmailBackend
from django.core.mail.message import EmailMessage

from cohesion.context import is_demo
from cohesion.models import KeptMail

MOST_KEPT = 200  # the latest


class KeptMailBackend(EmailBackend):
    """Writes the mails where the server was started, as Django's own does; a demonstration keeps them too."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> Any:
        number = super().send_messages(email_messages)
        if is_demo():
            KeptMail.objects.bulk_create(_kept(mail) for mail in email_messages)  # not the tree
            latest = KeptMail.objects.values_list("pk", flat=True)[:MOST_KEPT]
            KeptMail.objects.exclude(pk__in=list(latest)).delete()
        return number


def _kept(mail: EmailMessage) -> KeptMail:
    htmls = [text for text, kind in getattr(mail, "alternatives", ()) if kind == "text/html"]
    return KeptMail(
        to=", ".join(mail.to)[:254],
        sender=mail.from_email[:254],
        subject=mail.subject[:300],
        body=str(mail.body),
        html=str(htmls[0]) if htmls else "",
    )
