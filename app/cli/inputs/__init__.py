"""What several commands read: tables, and a store with its key."""
