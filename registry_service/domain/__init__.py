"""Facts and rules of the register. Pure: no SQL, no wire, no clock."""
