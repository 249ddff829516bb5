"""The record of one infusion as files: PDF/A, JSON and CSV. Whoever wants a name of it loads no typesetter."""
