"""Who may do what, and what they sign for."""
