"""Devices, and the signed, dated permissions that they run under.

A **device** is a key pair that a person's application made: active or blocked. A
**lease** lets one process on one device use one seat until a moment; it is renewed,
released, or ends by itself. Its identifier changes with every renewal.
Rules: the license's frozen terms decide how long, on how many devices and with which
features; a lease never outlasts the license's grace nor the certificate of the key that
signs it; counters only grow, so that a copied device is noticed; leases are written by
the gateway, everything else of this package by its verbs.
"""
