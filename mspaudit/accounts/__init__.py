"""Who can sign in: accounts of each directory, the people who hold them, second factors, exceptions."""
