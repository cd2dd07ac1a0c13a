"""What every test shares."""

pytest_plugins = ["tests.servers"]  # the platform as bin/run starts it, and Chromium
