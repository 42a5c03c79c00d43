"""The pages: handlers that read or change, and answer with a page or a redirect."""
