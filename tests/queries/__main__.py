from tests.commands import run

run("tests.queries")
