"""Those who leave and those who come for a time: offboardings, missions, portals, shared secrets."""
