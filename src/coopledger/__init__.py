"""Co-operative law, members' capital and patronage for Beancount and Fava."""
