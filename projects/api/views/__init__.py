"""The addresses of the API: each says its parameters, who may write there, and what it answers."""
