"""Sending papers: once, to those who act for the structure, with the paper attached; who reads it is known."""

import datetime
import hashlib
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from cohesion.audit import AuditKind
from cohesion.models import AuditEvent
from projects.correspondence.drafting import source_of
from projects.correspondence.issuing import cancel, issue
from projects.correspondence.models import Paper
from projects.correspondence.sending import deliveries, send
from projects.messaging import sending
from projects.messaging.models import Message
from tests.factories import LeadFactory, OfficerFactory, OrganizationFactory
from tests.projects.correspondence.conftest import SIGNED, decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(officer):
    return issue(source_of("notification", None), decided(), by=officer, typed=SIGNED)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_paper_goes_once_to_each_who_acts_for_the_structure_however_often_it_is_sent(paper, officer):
    other = LeadFactory(acts_for=paper.organization)
    assert send([paper], by=officer).people == 2
    assert send([paper], by=officer).papers == 0
    assert Message.objects.filter(paper=paper).count() == 2
    paper.refresh_from_db()
    assert (paper.sent_by, bool(paper.sent_at)) == (officer, True)
    assert Message.objects.filter(user=other).get().path == f"/espace/documents/{paper.pk}/"
    assert AuditEvent.objects.filter(kind=AuditKind.PAPER_SENT).count() == 1


def test_the_mail_carries_the_paper_as_it_was_kept(paper, officer, settings):
    settings.BASE_URL = "https://site.exemple.test"
    send([paper], by=officer)
    sending.send(timezone.now() + datetime.timedelta(hours=1))
    [sent] = mail.outbox
    [(name, content, kind)] = sent.attachments
    assert (name, kind) == (f"{paper.reference}.pdf", "application/pdf")
    assert hashlib.sha256(content).hexdigest() == paper.digest


def test_a_structure_that_nobody_can_reach_is_named_and_nothing_says_that_it_was_sent(officer):
    organization = OrganizationFactory(email="", address="1 rue", representative="Une présidente")
    project = decided(organization=organization)
    organization.memberships.all().delete()
    paper = issue(source_of("notification", None), project, by=officer, typed=SIGNED)
    assert send([paper], by=officer).unreachable == [paper]
    paper.refresh_from_db()
    assert paper.sent_at is None


def test_a_cancelled_paper_is_not_sent(paper, officer):
    cancel(paper, why="Erreur", by=officer)
    assert send([paper], by=officer).papers == 0


def test_the_preview_names_everybody_in_as_many_queries_for_ten_as_for_one(officer, django_assert_num_queries):
    papers = [issue(source_of("notification", None), decided(), by=officer, typed=SIGNED) for _ in range(4)]
    for number in (1, 4):
        with django_assert_num_queries(2):
            rows = Paper.objects.filter(pk__in=[paper.pk for paper in papers[:number]]).select_related("organization")
            assert all(delivery.names for delivery in deliveries(rows))


def test_its_lead_reads_it_at_its_address_and_the_message_says_read(paper, officer):
    lead = paper.organization.memberships.get().user
    address = f"/espace/documents/{paper.pk}/"
    assert client_of(lead).get(address).status_code == 404  # not sent yet
    send([paper], by=officer)
    assert client_of(LeadFactory()).get(address).status_code == 404
    answer = client_of(lead).get(address)
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == paper.digest
    assert answer["Cache-Control"] == "no-store, private"
    assert Message.objects.get(paper=paper).fate.startswith("lu le")


def test_an_officer_who_opens_it_is_not_its_reader(paper, officer):
    send([paper], by=officer)
    assert client_of(officer).get(f"/espace/documents/{paper.pk}/").status_code == 200
    assert Message.objects.get(paper=paper).read_at is None


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_send_the_same_papers_at_once_send_each_once():
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    officers = [OfficerFactory(), OfficerFactory()]
    for _ in range(6):
        issue(source_of("notification", None), decided(), by=officers[0], typed=SIGNED)
    sent = []

    def run(officer):
        try:
            sent.append(send(Paper.objects.all(), by=officer).papers)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(sent), sum(sent)) == (2, 6)
    assert Message.objects.filter(paper__isnull=False).count() == 6
