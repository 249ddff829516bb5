"""Commands that ask the rules alone and open no record of the ward: the trial's, scores, grades."""
