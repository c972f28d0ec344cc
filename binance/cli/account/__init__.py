"""What ``user`` shows of the accounts of all markets."""
