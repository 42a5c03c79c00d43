"""The drill: the newest copy becomes a network on a throw-away directory, and is tried there."""
