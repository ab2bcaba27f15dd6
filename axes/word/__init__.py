"""A framework as a Word document, there and back: written as its table, read against the framework as it is."""
