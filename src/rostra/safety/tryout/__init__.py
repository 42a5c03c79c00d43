"""Rules tried on the past: what they would have caught, and whether people agreed."""
