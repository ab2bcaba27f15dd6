"""What follows a decision that grants: a grant, what is paid of it and given back, and what is withdrawn from it."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Sum
from simple_history.models import HistoricalRecords

from cohesion.lib.constraints import always, in_order
from cohesion.lib.states import holds
from cohesion.lib.text import validate_line, validate_text
from projects.catalogue.models.agreement import Agreement
from projects.catalogue.models.amounts import amount, calendar_year, positive_amount, signed_amount
from projects.catalogue.models.project import Project
from projects.catalogue.models.scheme import Scheme
from projects.choices import AidKind, PaymentKind, PaymentTerms


class Grant(models.Model):
    """What follows a decision that grants (« subvention »). Its amount is ``project.granted``.

    A project that was granted something before grants were kept may have none: it is made when it is first needed
    (:func:`projects.catalogue.granting.grant_of`), so that lists are of projects. ``year`` is that to which its
    amount is charged. What is paid of it never exceeds what is granted: the database itself refuses it
    (``migrations/_paying.py``).

    From ``settled_on`` on, nothing more is to be paid of it: its balance was paid, or what was too much came back.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="grant", verbose_name="projet")
    year = calendar_year("exercice")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="convention"
    )
    joined_once_signed = models.BooleanField(
        "sous la convention depuis après sa signature", default=False, db_default=False, editable=False
    )
    scheme = models.ForeignKey(
        Scheme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name="dispositif de l’aide",
    )
    notified_on = models.DateField("notifiée le", null=True, blank=True)
    payment_terms = models.CharField("versement", max_length=9, choices=PaymentTerms.choices, blank=True, default="")
    pays_from = models.DateField("versée à partir du", null=True, blank=True)
    pays_until = models.DateField("versée jusqu’au", null=True, blank=True)
    aid_kind = models.CharField("nature de l’aide", max_length=5, choices=AidKind.choices, default=AidKind.MONEY)
    is_eu_notified = models.BooleanField("notifiée à la Commission européenne", null=True, blank=True)
    rae = models.CharField(
        "numéro RAE",
        max_length=5,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[0-9A-Za-z]{1,5}\Z", "Ce numéro a cinq lettres ou chiffres au plus.")],
        help_text="Du répertoire des aides aux entreprises, si l’aide y figure.",
    )
    settled_on = models.DateField("soldée le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["version"], user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Subvention"
        verbose_name_plural = "Subventions"
        ordering = ["-year", "project__code_key", "project__code"]
        constraints = [
            in_order(
                "projects_grant_dates_in_order",
                "pays_from",
                "pays_until",
                "La fin de la période de versement précède son début.",
            ),
            always(
                "projects_grant_words_known",
                Q(aid_kind__in=AidKind.values) & Q(payment_terms__in=["", *PaymentTerms.values]),
                "Cette nature d’aide ou cette façon de verser n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"Subvention de {self.project}"

    @property
    def is_settled(self) -> bool:
        return self.settled_on is not None

    def paid(self) -> Decimal:
        """What was paid of it, less what came back."""
        total = self.payments.aggregate(total=Sum(signed_amount()))["total"] or 0
        return Decimal(total).quantize(Decimal("0.01"))


class Payment(models.Model):
    """What was paid of a grant, or came back: ``amount`` is above nothing in both cases, ``kind`` says which.

    ``reference`` is that of the mandate or of the receipt. ``note``: why a balance was paid before the report, or why
    the row was corrected.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="payments", verbose_name="subvention")
    kind = models.CharField("nature", max_length=7, choices=PaymentKind.choices, default=PaymentKind.PAYMENT)
    paid_on = models.DateField("le")
    amount = positive_amount("montant")
    reference = models.CharField(
        "référence", max_length=60, blank=True, default="", validators=[validate_line], help_text="Mandat ou titre."
    )
    note = models.CharField("précision", max_length=300, blank=True, default="", validators=[validate_line])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("saisi le", auto_now_add=True)

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Versement"
        verbose_name_plural = "Versements"
        ordering = ["paid_on", "pk"]
        indexes = [models.Index(fields=["paid_on"], name="projects_payment_paid_on")]
        constraints = [
            always("projects_payment_amount_positive", Q(amount__gt=0), "Un montant est plus grand que zéro."),
            always(
                "projects_payment_kind_known", Q(kind__in=PaymentKind.values), "Cette nature de versement n’existe pas."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.paid_on:%d/%m/%Y}"

    is_refund = holds("kind", PaymentKind.REFUND)
    is_balance = holds("kind", PaymentKind.BALANCE)


class Withdrawal(models.Model):
    """A grant is withdrawn for the rest of its period (« retrait »): the contrat d’engagement républicain was not kept.

    ``withdrawn`` is the part of the grant that is taken back, ``amount`` what is to be paid back of what was paid, and
    ``computation`` how the two were found, in a sentence. ``breached_on`` is the day of the breach, from which the
    part is counted.
    """

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="withdrawal", verbose_name="subvention")
    decided_on = models.DateField("décidé le")
    breached_on = models.DateField("manquement constaté le")
    reason = models.TextField("motif", validators=[validate_text])
    withdrawn = positive_amount("montant retiré")
    amount = amount("montant à rembourser")
    computation = models.TextField("calcul", blank=True, default="", validators=[validate_text])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("saisi le", auto_now_add=True)

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Retrait"
        verbose_name_plural = "Retraits"
        ordering = ["-decided_on"]
        constraints = [
            always(
                "projects_withdrawal_amounts_in_order",
                Q(withdrawn__gt=0) & Q(amount__gte=0) & Q(amount__lte=F("withdrawn")),
                "Le montant à rembourser ne dépasse pas le montant retiré.",
            ),
            always(
                "projects_withdrawal_dates_in_order",
                Q(decided_on__gte=F("breached_on")),
                "Le retrait est décidé le jour du manquement ou après lui.",
            ),
        ]

    def __str__(self) -> str:
        return f"Retrait du {self.decided_on:%d/%m/%Y}"

    def clean(self) -> None:
        if not self.reason.strip():
            raise ValidationError({"reason": "Dites pourquoi la subvention est retirée : la structure le lira."})
