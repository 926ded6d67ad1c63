"""A card that only exists in demonstrations: its numbers stand for what may happen to real ones."""
