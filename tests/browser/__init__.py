"""Pages in a real browser at the size of a phone, and what is wrong with them."""
