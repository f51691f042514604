"""The verifying side's own PostgreSQL database: partners, usage, receipts.

The registry's database is never read from here. Only this package holds SQL.
"""
