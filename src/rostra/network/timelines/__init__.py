"""Pages of post ids: home, public, hashtag and account timelines."""
