"""What everything looks like: tokens of both themes, fonts, the style sheet and the holder of them."""
