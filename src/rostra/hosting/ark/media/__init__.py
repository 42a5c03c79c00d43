"""Media on their way to the places when they are stored, and back from there after a copy."""
