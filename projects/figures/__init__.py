"""Every count, sum and gap, computed from sets of keys: a number is the length of the list that it opens."""
