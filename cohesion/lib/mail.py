"""Mails: the same words as plain text and as HTML, the subject on one line."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from cohesion.lib.text import squeeze


def compose(*, to: str, subject: str, text: str, html: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """A mail made of two templates, ready to be sent."""
    mail_context = {
        **context,
        "subject": subject,
        "site_name": settings.SITE_NAME,
        "site_authority": settings.SITE_AUTHORITY,
        "contact": settings.CONTACT_EMAIL,
    }
    mail = EmailMultiAlternatives(squeeze(subject), render_to_string(text, mail_context), to=[to])
    mail.attach_alternative(render_to_string(html, mail_context), "text/html")
    return mail
