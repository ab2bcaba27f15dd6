"""Several people, or one who presses twice, on the forms of the site: nothing lost, nothing made twice."""
