"""What one takes along, as tagged PDF: one A4 sheet of an orientation, a place or a project; the programme of a year;
the file of a committee."""
