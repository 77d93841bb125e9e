"""The local HTTP API: five services' dialects over one library."""
