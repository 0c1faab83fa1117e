"""Everything that Rasa loads: components, channel, texts; runs in the environment `.venv-rasa`."""
