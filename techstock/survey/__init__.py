"""What a survey of all notes tells that is no problem: their terms, and the habits of who writes them."""
