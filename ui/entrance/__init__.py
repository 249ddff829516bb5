"""What stands before the work: the first start, the key, the sign-in."""
