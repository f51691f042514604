"""The root signs trust lists in a ceremony, on a machine without a network (docs/keys.md)."""
