"""Records of one infusion as files: PDF/A, JSON and CSV."""
