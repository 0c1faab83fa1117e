"""The housing desk as the chat sees it: cards of homes, answers, messages when something fits."""
