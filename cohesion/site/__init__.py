"""What brings the whole together: home, the plan, the state of the installation; what keeps and limits pages."""
