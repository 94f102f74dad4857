"""`kubectl describe`: one function per kind, all of them pure."""

from podsim.kubectl.describe.pods import pod

__all__ = ["pod"]
