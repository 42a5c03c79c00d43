"""Database, migrations, durable jobs, blobs, bus and the gates in front of them."""
