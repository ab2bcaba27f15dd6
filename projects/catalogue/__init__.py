"""The projects themselves, what hangs on them, their life as one table of steps, and who may do what with them."""
