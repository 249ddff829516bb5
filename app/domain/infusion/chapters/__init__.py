"""The story of an infusion, one file a chapter; `story` puts them together."""
