"""System checks of the portal as a whole."""
