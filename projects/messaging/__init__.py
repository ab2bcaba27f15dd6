"""Who is told what: one message a reader in the application, and one mail for those that follow each other."""
