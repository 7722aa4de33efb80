"""What is to be paid to members, as a list and as files that a bank reads."""
