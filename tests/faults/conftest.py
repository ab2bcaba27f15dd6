from tests.projects.conftest import campaign, complete, lead, organization

__all__ = ["campaign", "complete", "lead", "organization"]
