"""Search for input that breaks a reader, or is believed without being genuine."""
