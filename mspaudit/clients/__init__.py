"""Client organisations, their units, people, referents and mandates."""
