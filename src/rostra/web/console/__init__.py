"""The console: where the team reads cases and decides them. It asks `safety`, and no other edge."""
