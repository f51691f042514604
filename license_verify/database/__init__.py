"""PostgreSQL as both sides use it: forward-only migrations, and who else is connected.

Each side has a database of its own; neither reads the other's.
"""
