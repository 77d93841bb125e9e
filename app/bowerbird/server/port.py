"""Where the server listens unless it is told otherwise; known without loading any of it."""

HOST, PORT = "127.0.0.1", 8417
