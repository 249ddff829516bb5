"""What stands at the edges of the window: the top bar, the alarm bar, the rail of pages, the practice banner."""
