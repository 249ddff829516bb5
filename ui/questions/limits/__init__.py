"""What is asked about the alarm limits of one patient."""
