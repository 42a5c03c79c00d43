"""Pictures of posts: upload, describe, attach, serve, remove."""
