"""Where things are done: communes, priority quarters, their geography, and reading them from the reference files."""
