"""Who the tenant is, and how Python and PostgreSQL each enforce it."""
