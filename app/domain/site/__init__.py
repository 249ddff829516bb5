"""Which protocol file and which site settings are in force for new orders, since when and by whom."""
