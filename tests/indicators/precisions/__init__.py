"""Each reading of the definitions (precisions A-01 to A-149) on a few rows made for it."""
