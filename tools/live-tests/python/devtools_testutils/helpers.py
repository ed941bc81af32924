"""How a test is run: always live, and nothing is recorded."""


def is_live_and_not_recording():
    return True
