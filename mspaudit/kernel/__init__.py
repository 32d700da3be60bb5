"""The words every room shares: dates, French, periods, identifiers. Pure, without input or output."""
