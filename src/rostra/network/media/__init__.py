"""Pictures, video and audio of posts: upload, describe, attach, serve, remove."""
