"""Help where one stands, and the practice tour's card."""
