"""People: sign-in, second factor, invitations, sessions, memberships."""
