"""What the text model learns from and is tried on beside public data: sentences of our own."""
