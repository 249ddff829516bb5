"""What a person sees, tested without a screen."""
