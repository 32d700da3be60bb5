"""Equipment, licences, contracts, domains and insurance, with the dates that matter."""
