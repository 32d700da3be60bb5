"""The technician's dashboard over all clients, and the page of each."""
