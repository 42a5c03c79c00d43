"""What happens here and now, told to every process of the installation: the feed of the streams."""
