"""The lead’s pages of a report, and the files that go with a declaration or a report."""
