"""The platform's own staff: its only door across MSPs, and every visit is written down."""
