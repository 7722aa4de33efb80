"""What must never stand in a ledger, kept beside it: tax numbers, bank accounts.

Each is encrypted to a public key whose private half is on another machine.  Whoever
copies the folder, the machine's administrator included, gets the last four characters
and no more.
"""
