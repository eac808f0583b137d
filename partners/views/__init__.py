"""Pages about one's own account, about an organisation's members, and for invitations."""
