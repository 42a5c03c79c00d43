"""Live streams: what they are called, who may open them, and what is delivered to whom."""
