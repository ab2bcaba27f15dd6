import pytest
from rest_framework.test import APIClient

from cohesion.accounts.tokens import make
from cohesion.choices import TokenScope
from projects.api.views.doors import described


def client_of(user=None, scopes=tuple(TokenScope)):
    """A program with a token of somebody; none, without anybody."""
    from cohesion.accounts.tokens import allowed_scopes

    client = APIClient()
    if user is not None:
        _, words = make(user=user, name="essai", scopes=set(scopes) & set(allowed_scopes(user)))
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {words}")
    return client


class FromDescription:
    """A program that knows nothing of the API but its description: operations by their names."""

    def __init__(self, client):
        self.client, self.operations = client, {}
        for path, verbs in described()["paths"].items():
            for verb, operation in verbs.items():
                self.operations[operation["operationId"]] = (verb, path, operation)

    def call(self, name, body=None, *, seen=None, key=None, **parameters):
        verb, path, operation = self.operations[name]
        query = {}
        for parameter in operation.get("parameters", ()):
            value = parameters.pop(parameter["name"], None)
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", str(value))
            elif value is not None:
                query[parameter["name"]] = value
        assert not parameters, parameters
        headers = {"If-Match": seen} if seen else {}
        headers |= {"Idempotency-Key": key} if key else {}
        if verb == "get":
            return self.client.get(path, query, headers=headers)
        return getattr(self.client, verb)(path, body or {}, format="json", headers=headers)


@pytest.fixture
def program(officer):
    return FromDescription(client_of(officer))


@pytest.fixture
def anybody(db):
    return FromDescription(client_of())
