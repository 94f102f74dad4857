"""A hash of what each explorer answers: the same on every Python. The last line is the value, as Pyodide wants it."""

import hashlib
import json

from podsim import explorers


def answers() -> dict[str, str]:
    """Explorer -> hash of its own run and of one run with every preset's values."""
    found = {}
    for entry in explorers.catalog():
        runs = [{}, *(preset["set"] for preset in entry["presets"])]
        told = json.dumps([explorers.evaluate(entry["id"], values) for values in runs], sort_keys=True)
        found[entry["id"]] = hashlib.sha256(told.encode()).hexdigest()
    return found


json.dumps(answers())
