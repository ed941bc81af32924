"""A plugin of pytest's: appends what came of each test to the file that LIVE_OUTCOMES names, a JSON object a line."""
import json
import os


def pytest_configure(config):
    config.addinivalue_line("markers", "live_test_only: Microsoft's, of tests that have no recording")


def pytest_runtest_logreport(report):
    if report.when != "call" and report.outcome == "passed":
        return
    file, *_, test = report.nodeid.split("::")
    why = str(getattr(report, "longreprtext", "")) or str(report.longrepr or "")
    with open(os.environ["LIVE_OUTCOMES"], "a", encoding="utf-8") as outcomes:
        outcome = {"test": f"{os.path.basename(file)}: {test}", "outcome": report.outcome, "why": why[-1500:]}
        outcomes.write(json.dumps(outcome) + "\n")
