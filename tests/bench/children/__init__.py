"""Programs that the bench starts and times; each is run as a file, so that it imports nothing but what it says."""
