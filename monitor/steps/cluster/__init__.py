"""Articles of one event to one story."""
