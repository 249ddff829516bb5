"""A written script plays the people and a simulated gravity drip the bag; everything else is real."""
