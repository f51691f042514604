"""Random acts by random people on a real database, against a naive model of the register."""
