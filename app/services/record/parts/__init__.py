"""The parts of the record on paper, one file a part."""
