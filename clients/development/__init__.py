"""What only a development machine needs: its own certification authorities."""
