"""One-page sheets beside the record: the flowsheet, the hand-over, the downtime sheet."""
