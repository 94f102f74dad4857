"""The moving parts: store, server, scheduler, controllers, kubelet, and the history of what they did."""
