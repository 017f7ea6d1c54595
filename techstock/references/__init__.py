"""Where images and links of notes lead: what their targets mean, and what is reported of them. Reads no disk."""
