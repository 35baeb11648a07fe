"""What came of it: a line of JSON for the log, and the same where Kubernetes reads what a container says last."""

import json
import os
import sys
import traceback


def run(name, work):
    """Ends the program: with 0 where `work` came to its end, with 1 where it did not, whatever kept it from that."""
    try:
        outcome, code = {"result": "passed", **work()}, 0
    except Exception as error:  # pylint: disable=broad-except
        traceback.print_exc()
        outcome, code = {"result": "failed", "why": f"{type(error).__name__}: {error}"[:1000]}, 1
    text = json.dumps({"program": name, **outcome})
    print(text, flush=True)
    message = os.environ.get("TERMINATION_LOG", "/dev/termination-log")
    if os.path.exists(message):
        with open(message, "w", encoding="utf-8") as file:
            file.write(text)
    sys.exit(code)
