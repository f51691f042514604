"""Files of entities read and sent to the registry, and what came of each row."""
