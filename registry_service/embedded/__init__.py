"""PostgreSQL and its binaries inside one instance folder, for machines without a database."""
