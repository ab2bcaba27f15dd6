"""A framework that is prepared: how it begins, reads beside the one before, is spoken of and is shown."""
