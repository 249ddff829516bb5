"""What the program does: no Qt, no SQL, no port."""
