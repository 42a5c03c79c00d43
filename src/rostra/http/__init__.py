"""What the API and the pages share of HTTP: routing, body decoding, client address, limits."""
