"""Who steers a client's IT: mandates, roles, meetings, and what the provider owes."""
