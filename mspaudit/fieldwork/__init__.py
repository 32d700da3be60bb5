"""Participatory audits: what people really do, told without a name, sorted, answered within a month."""
