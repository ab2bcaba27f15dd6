"""The pages of papers: making them, those that were issued, sending them, and the lead's own door."""
