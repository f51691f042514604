"""The command that goes on behind what was published, after a restore from a backup."""
