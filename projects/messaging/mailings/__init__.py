"""One message to several leads: who is written to, in what words, and what became of it."""
