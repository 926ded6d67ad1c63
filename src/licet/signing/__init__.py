"""Keys: who may sign what, until when, and where the public halves are read.

A **root** key signs nothing but certificates; applications pin two. Every other key signs
for one purpose (leases, identity tokens, status lists, the manifest, answers about codes);
its **certificate**, signed by a root, travels with what it signs, so that rotation touches
no application. The **manifest** is the signed, numbered list of what is believed.
Rules: a private half is stored sealed under the master key, or kept elsewhere, never plain;
the newest key whose turn has come signs; a retired one stays published until its certificate
ends; a revoked one is believed no more; the manifest's number only grows.
"""
