"""Messages to the chat groups and people about a run, and how they are sent."""
