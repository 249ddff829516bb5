"""What every page is made of: the look, and the widgets that know no page."""
