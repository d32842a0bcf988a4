"""Through what something was said: outlets, occasions, and sources that repeat what another source said."""
