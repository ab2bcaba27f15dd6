"""What is told to other programs when something public has changed: kept, signed, sent, tried again, given up."""
