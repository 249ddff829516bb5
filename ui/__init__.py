"""What a person sees and does; Qt lives here and nowhere else."""
