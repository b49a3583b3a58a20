"""Points: events and a rule profile in, entries of the ledger out. Imports nothing of ours."""
