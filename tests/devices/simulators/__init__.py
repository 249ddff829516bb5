"""The patient and the monitors that speak of them."""
