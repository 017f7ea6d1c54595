"""The page of `techstock report`: what is known of a collection, as one HTML file that asks nothing of any server."""
