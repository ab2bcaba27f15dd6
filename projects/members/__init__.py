"""Who takes part: organisations, the people who act for them, and how these are invited."""
