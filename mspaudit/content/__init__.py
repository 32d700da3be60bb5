"""What the product knows before its first customer: controls, communes, usual services. Data, no decision."""
