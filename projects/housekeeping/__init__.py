"""What an administrator tidies: merging organisations, erasing accounts, and what the audit log hears."""
