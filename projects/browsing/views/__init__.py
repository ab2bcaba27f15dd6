"""The public pages of what is done, each in the module of its subject."""
