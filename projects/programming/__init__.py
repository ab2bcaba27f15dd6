"""What the council votes for a year, what its grants take of it, and programmings that are tried before a committee."""
