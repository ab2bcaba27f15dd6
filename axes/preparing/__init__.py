"""A framework that is prepared: how it begins, how it reads beside the one before, what is said of it, who is shown it."""
