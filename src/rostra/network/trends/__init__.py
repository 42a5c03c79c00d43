"""What is talked about: hashtags, links and posts, counted by people, let through by operators."""
