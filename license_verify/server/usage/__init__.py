"""What was used and what was answered: receipts, their journal, and the way to the database."""
