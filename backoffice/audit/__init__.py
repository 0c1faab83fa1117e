"""Who read or changed what: written in the transaction that did it."""
