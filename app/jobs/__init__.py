"""Long work off the deciding thread; each job is handed what it needs."""
