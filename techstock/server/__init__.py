"""The language server: what an editor asks about notes, answered from the session and the engine of `lint`."""
