"""What the product says about itself: the health of feeds and of its processes."""
