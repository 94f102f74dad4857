"""explain."""
from podsim.kubectl.call import Call


def explain(call: Call) -> None:
    """x"""
