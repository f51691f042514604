"""What the scanned page shows, without a server."""
