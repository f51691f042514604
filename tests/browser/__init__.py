"""Pages in a real browser at the size of a phone, and what an accessibility checker says of them."""
