"""The services directory in the terms of Open Referral HSDS 3."""
