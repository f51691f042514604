"""Mixed load for long, with a registry that is killed, and a model that knows the truth."""
