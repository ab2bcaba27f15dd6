"""How well documents are read as frameworks: ``python -m tests.reading`` prints the rates."""
