"""mspaudit: the proven security of an MSP's whole portfolio."""
