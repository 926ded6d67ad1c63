"""Keys: who may sign what, until when, and where the public halves are read.

A **root** key signs nothing but key certificates; applications pin it. A **lease** key
signs leases; its **certificate**, signed by a root, travels with every lease, so that
rotation touches no application.
Rules: a private half is stored sealed under the master key, never plain; the newest
lease key signs; a retired one stays published until its certificate ends; a lease never
outlives the certificate of its key.
"""
