"""Checklists: packs, campaigns, questions, answers and the evidence behind them."""
