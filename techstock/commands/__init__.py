"""The commands, one file each, and what they share: session, console, reporting. Nothing here knows about argparse."""
