"""One subject to decide on: what was said of it, who works on it, and its place in the queue."""
