"""Live translation: renderings of messages, previews before sending, the phrasebook."""
