"""What everybody reads: filters, lists, public pages, and the tables that are taken away."""
