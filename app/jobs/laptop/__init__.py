"""What this laptop says of itself, and what is asked of it: power, disk, sleep, updates, volume; to stay awake."""
