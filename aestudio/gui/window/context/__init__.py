"""What a right click or the menu key opens, and what its entries do."""
