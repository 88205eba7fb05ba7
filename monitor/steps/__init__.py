"""One room a step; rooms do not know each other."""
