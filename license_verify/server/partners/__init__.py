"""Partners of the verifying service: who they are, what they may ask for, how much of it."""
