"""What officers do with what was handed in: each action takes one step, with what it asks for, all or nothing."""
