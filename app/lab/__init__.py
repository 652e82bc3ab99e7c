"""The simulated outside world: vendors' real protocols on loopback, with all their real ways to fail.

Everything here is written from the vendors' documentation and imports nothing of our domain, probers or
readers, so that a format misread there is caught here instead of being mirrored. `app.lab.world` is the door.
"""
