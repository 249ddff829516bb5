"""What is given: dose, bags, their labels and certificates, and what came of every bag."""
