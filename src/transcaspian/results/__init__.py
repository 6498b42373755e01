"""What runs return: values with ids, moments and units, and how they are written."""
