"""The coordinator's page of the housing desk: from need to contract, and what was not available."""
