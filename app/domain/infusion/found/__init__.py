"""What was found counts: what start, step up and resume are judged by, and what ran over its time."""
