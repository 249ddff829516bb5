"""What takes minutes and is not asked of every push: `make torture`."""
