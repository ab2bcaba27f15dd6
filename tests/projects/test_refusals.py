"""What a refusal says, to the word: money, instruction, declaration, files. Each sentence is provoked once."""

import datetime
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cohesion.lib.dates import french_date
from cohesion.lib.text import euros
from projects.catalogue import actions, deletion
from projects.catalogue.models import Withdrawal
from projects.choices import PaymentKind
from projects.declaring.drafts import TITLE_LENGTH, begin
from projects.declaring.fields import count
from projects.instructing import checking
from projects.instructing.models import Review
from projects.members import inviting
from projects.members.models import Invitation
from projects.paying import agreements
from projects.paying.agreements import PlannedInstalment, Terms
from projects.paying.mending import cancel, correct, reopen
from projects.paying.paying import PaymentEntry, pay
from projects.paying.withdrawing import withdraw
from projects.programming.models import BudgetEnvelope, Scenario
from projects.programming.scenarios import MOST, delete_scenario, make_scenario
from projects.programming.starts import STARTS
from projects.territory.columns import TERRITORIES
from tests.factories import (
    AgreementFactory,
    CampaignFactory,
    CommitteeFactory,
    GrantFactory,
    InvitationFactory,
    OfficerFactory,
    PaymentFactory,
    ProjectFactory,
    TerritoryFactory,
    this_year,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def officer():
    return OfficerFactory()


def refusal(deed):
    """What is said, its spaces as people type them."""
    with pytest.raises((ValidationError, ValueError)) as refused:
        deed()
    messages = refused.value.messages if isinstance(refused.value, ValidationError) else [str(refused.value)]
    return plain(" ".join(messages))


def plain(words):
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def granted(agreement, amount=1_000):
    return ProjectFactory(organization=agreement.organization, granted=amount, status="retained")


# --- a convention -------------------------------------------------------------------------------------------


def test_what_a_grant_that_joins_a_convention_is_refused(officer):
    agreement = AgreementFactory(amounts={this_year(): 2_000}, number="CV-9")
    stale = GrantFactory(project=granted(agreement))
    other = GrantFactory(project=ProjectFactory(granted=1_000, status="retained")).project
    dear = GrantFactory(project=granted(agreement, 2_500)).project
    join = partial(agreements.join, agreement=agreement.pk, by=officer)
    assert refusal(lambda: join(stale.project_id, seen=stale.version + 1)) == (
        "Cette subvention a été modifiée entre-temps : relisez-la."
    )
    assert refusal(lambda: join(other.pk)) == (
        f"« {other} » est portée par {other.organization.name}, et la convention est signée par "
        f"{agreement.organization.name} : une convention est d’une seule structure."
    )
    assert refusal(lambda: join(dear.pk)) == plain(
        f"Pour {this_year()}, la convention CV-9 laisse {euros(Decimal(2_000))}, et « {dear} » reçoit "
        f"{euros(Decimal(2_500))} : augmentez le montant de l’année."
    )


def test_what_the_schedule_of_a_convention_is_refused(officer):
    agreement, other = AgreementFactory(amounts={this_year(): 2_000}), GrantFactory()
    reschedule = partial(agreements.reschedule, agreement.pk, by=officer, seen=None)
    line = partial(PlannedInstalment, TODAY())
    assert refusal(lambda: reschedule([line(Decimal(2_001))])) == plain(
        f"L’échéancier fait {euros(Decimal(2_001))}, et la convention {euros(Decimal(2_000))} : réduisez-le."
    )
    assert refusal(lambda: reschedule([line(Decimal(1), grant=other.pk)])) == (
        "Une échéance nomme une subvention d’une autre convention."
    )
    assert refusal(lambda: agreements.reschedule(0, [], by=officer, seen=None)) == (
        "Cette convention a été supprimée entre-temps."
    )


def test_what_is_written_anew_of_a_convention_keeps_what_it_engages(officer):
    agreement = AgreementFactory(signed_on=None)
    GrantFactory(project=granted(agreement), agreement=agreement)
    agreement.ends_on = datetime.date(this_year() + 1, 12, 31)
    terms = Terms({this_year() + 1: Decimal(500)})
    assert refusal(lambda: agreements.rewrite(agreement, terms, by=officer, seen=None)) == (
        f"{this_year()} est déjà engagée : gardez son montant."
    )


def test_a_convention_is_signed_once(officer):
    agreement = AgreementFactory()
    assert refusal(lambda: agreements.sign_agreement(agreement.pk, TODAY(), by=officer)) == plain(
        f"Cette convention est déjà signée, le {french_date(agreement.signed_on)}."
    )


# --- what is paid, taken back, withdrawn ----------------------------------------------------------------------


def test_what_is_mended_of_a_payment_asks_why(officer):
    payment = PaymentFactory()
    entry = PaymentEntry(payment.kind, Decimal(900), payment.paid_on, "")
    assert refusal(lambda: correct(payment, entry, why=" ", by=officer)) == "Dites pourquoi ce versement est corrigé."
    assert refusal(lambda: cancel(payment, why="", by=officer)) == "Dites pourquoi ce versement est annulé."
    assert refusal(lambda: reopen(payment.grant.project_id, why="Erreur", by=officer)) == (
        "Cette subvention n’est pas soldée."
    )


def test_a_payment_that_was_given_back_is_not_cancelled(officer):
    payment = PaymentFactory()
    pay(payment.grant.project_id, PaymentEntry(PaymentKind.REFUND, Decimal(400), TODAY(), "T-1"), by=officer)
    assert refusal(lambda: cancel(payment, why="Erreur", by=officer)) == (
        "Un remboursement de ce versement est enregistré : annulez-le d’abord."
    )


def test_no_more_is_withdrawn_than_is_granted_nor_paid_back_than_is_paid(officer):
    payment, day = PaymentFactory(), TODAY()
    withdrawal = Withdrawal(
        breached_on=day, decided_on=day, withdrawn=Decimal(3_001), amount=Decimal(1_001), reason="Charte non tenue"
    )
    assert refusal(lambda: withdraw(payment.grant.project_id, withdrawal, by=officer)) == plain(
        f"Il n’est accordé que {euros(Decimal(3_000))}. Il n’y a que {euros(Decimal(1_000))} versés à rembourser."
    )


# --- instruction, programming ---------------------------------------------------------------------------------


def test_a_step_that_the_lead_will_read_asks_why(officer):
    project = ProjectFactory(status="submitted")
    assert (
        refusal(lambda: checking.reject(project, by=officer, comment=" ")) == "Dites pourquoi : la structure le lira."
    )


def test_a_state_is_not_written_beside_its_step(officer):
    project = ProjectFactory(status="submitted")
    project.status = "running"
    assert refusal(lambda: actions.save_project(project=project, by=officer)) == (
        "L’état d’un dossier change par une étape, qui demande ce qu’il y faut."
    )


def test_a_committee_has_so_many_scenarios_and_an_applied_one_stays(officer):
    committee = CommitteeFactory()
    Review.objects.create(project=ProjectFactory(status="proposed"), committee=committee, saved_by=officer)
    rows = [Scenario(committee=committee, name=f"Scénario {number}") for number in range(MOST)]
    applied, *_ = Scenario.objects.bulk_create(rows)
    assert refusal(lambda: make_scenario(committee, start=next(iter(STARTS)), name="", by=officer)) == (
        f"Ce comité a déjà {MOST} scénarios : supprimez-en un."
    )
    Scenario.objects.filter(pk=applied.pk).update(applied_at=timezone.now(), applied_by=officer)
    assert refusal(lambda: delete_scenario(applied)) == (
        "Ce scénario est appliqué : il garde ce qu’étaient les propositions. Annulez-le d’abord."
    )


def test_an_envelope_is_of_the_year_of_its_call():
    envelope = BudgetEnvelope(label="Jeunesse", year=2027, voted=1, campaign=CampaignFactory(year=2026))
    assert "Cet appel est de 2026, et l’enveloppe de 2027." in refusal(envelope.full_clean)


# --- declaration, accounts ------------------------------------------------------------------------------------


def test_a_title_too_long_says_how_long_it_is_and_may_be(officer):
    organization = InvitationFactory().organization
    assert refusal(lambda: begin(organization=organization, title="x" * 151, by=officer)) == (
        f"Ce titre a 151 signes, et {TITLE_LENGTH} au plus sont permis."
    )


def test_a_number_of_people_is_a_number_and_no_more_than_a_million():
    field = count("Personnes")
    assert refusal(lambda: field.clean("1 000 001")) == "Ce nombre est trop grand : un million au plus."
    assert refusal(lambda: field.clean("beaucoup")) == (
        "Ce n’est pas un nombre entier : écrivez seulement des chiffres."
    )


def test_a_project_is_no_part_of_itself():
    project = ProjectFactory()
    project.host_id = project.pk
    assert "Un projet ne fait pas partie de lui-même." in refusal(project.clean)


def test_the_same_invitation_is_renewed_and_one_that_was_accepted_is_left(officer):
    first = InvitationFactory()
    again = Invitation(email=first.email.upper(), organization=first.organization, role=first.role)
    assert refusal(lambda: inviting.invite(invitation=again, by=officer)) == (
        "La même invitation attend déjà une réponse : renouvelez-la plutôt."
    )
    Invitation.objects.filter(pk=first.pk).update(accepted_at=timezone.now())
    assert (
        refusal(lambda: inviting.renew(invitation=first, by=officer)) == "Cette invitation a été acceptée entre-temps."
    )


# --- files, deletion ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "cell", "sentence"),
    [
        ("is_in_perimeter", "peut-être", "Écrivez oui ou non."),
        ("code", "", "Il manque le code : chaque territoire en a un, par exemple le code INSEE d’une commune."),
        ("name", "", "Il manque le nom du territoire."),
        ("population", "12,5", "Ce n’est pas un nombre d’habitants : écrivez un nombre entier, par exemple 12 500."),
    ],
)
def test_what_a_cell_of_a_file_of_territories_is_told(attribute, cell, sentence):
    assert refusal(lambda: TERRITORIES.by_attribute[attribute].widget.clean(cell)) == sentence


def test_a_row_on_which_something_hangs_says_what():
    commune = TerritoryFactory()
    TerritoryFactory(kind="qpv", parent=commune)
    assert plain(deletion.refusal(commune)) == (
        f"« {commune} » ne peut pas être supprimé. Il faut d’abord rattacher ailleurs : 1 territoire qui s’y trouve."
    )
