"""Disclosure control: what of many linked tables may be told without telling of a few people. Pure."""
