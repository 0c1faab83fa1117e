"""Mail to staff: written in the transaction of what it tells of, sent by a job."""
