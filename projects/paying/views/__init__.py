"""The officers' pages of what follows a decision that grants."""
