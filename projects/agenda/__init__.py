"""What comes when: calls, committees, reports, documents; a page, and a calendar that other programs follow."""
