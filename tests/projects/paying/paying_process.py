"""Pays a grant from a process of its own, which knows nothing of the suite; ``die``: killed before it is committed;
``join``: puts it under a convention (the key of which stands where the amount does), then pays it whole."""

import os
import signal
import sys
from decimal import Decimal

import django

django.setup()

from django.core.exceptions import ValidationError  # noqa: E402
from django.utils import timezone  # noqa: E402

from cohesion.models import User  # noqa: E402
from projects.catalogue.models import Project  # noqa: E402
from projects.paying.agreements import join  # noqa: E402
from projects.paying.paying import PaymentEntry, pay, payment_written  # noqa: E402


def kill(**kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def join_and_pay(project: int, officer: int, agreement: int) -> None:
    by = User.objects.get(pk=officer)
    try:
        join(project, agreement, by=by)
        amount = Project.objects.values_list("granted", flat=True).get(pk=project)
        pay(project, PaymentEntry("payment", amount, timezone.localdate()), by=by)
    except ValidationError:
        print(0)  # noqa: T201
    else:
        print(1)  # noqa: T201


def main(project: int, officer: int, amount: str, number: int, is_killed: bool) -> None:
    if is_killed:
        payment_written.connect(kill)
    by = User.objects.get(pk=officer)
    paid = 0
    for _ in range(number):
        try:
            pay(project, PaymentEntry("payment", Decimal(amount), timezone.localdate()), by=by)
            paid += 1
        except ValidationError:
            continue
    print(paid)  # noqa: T201


if __name__ == "__main__":
    if sys.argv[5] == "join":
        join_and_pay(*map(int, sys.argv[1:4]))
        sys.exit()
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5] == "die")
