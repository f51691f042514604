"""The page that a phone's camera opens."""
