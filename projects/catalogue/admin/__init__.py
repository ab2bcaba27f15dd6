"""What the officers’ screens are made of, and the screens of territories, needs, offers and schemes."""
