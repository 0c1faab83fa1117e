"""From the yes of both to a registered contract and a home that is kept: the checklist and its dates."""
