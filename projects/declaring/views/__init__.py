"""The lead's space: what is theirs to do, declarations page by page, files."""
