"""The channels: web chat and Telegram. No rule of the service and no database lives here."""
