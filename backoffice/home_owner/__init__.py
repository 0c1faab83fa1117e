"""Who offers a home: owners, agencies, companies and bodies, what they worry about and ask for."""
