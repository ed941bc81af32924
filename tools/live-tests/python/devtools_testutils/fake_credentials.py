"""A password that fits the rules for users of nodes."""
BATCH_TEST_PASSWORD = "Stand-in-1-for-a-user"
