"""SQL, and nothing but SQL: a module per table."""
