"""The door's SQL for many calls at once, on SQLite.

Values come as one JSON text, so that the statement is the same for any number: a list, where `x.key` is the
place in it, or an object. CROSS JOIN makes SQLite begin with it.
"""

from licet.gateway.sql import _CODE, _CODE_JOINS, _DEVICE, _RIGHT, _STILL_JOINS, _USAGE, _WHO

CODES = f"""
SELECT {_CODE}, x.key
FROM json_each(%s) AS x
CROSS JOIN licenses_code c ON c.code_hash = x.value {_CODE_JOINS}
"""  # noqa: S608  (our own constants)

STILL_MANY = f"""
SELECT e.id, e.mark
FROM json_each(%s) AS x
CROSS JOIN leases_lease e ON e.id = x.value {_STILL_JOINS}
WHERE e.released_at IS NULL AND e.borrowed_until IS NULL
"""  # noqa: S608  (our own constants)

# an object: the device's key by the token's hash
BEARERS = f"""
SELECT {_WHO}, a.products, t.expires_at, t.spent_at, {_DEVICE}, x.key
FROM json_each(%s) AS x
CROSS JOIN connect_token t ON t.token_hash = x.key AND t.kind = 'access'
JOIN connect_grant g ON g.id = t.grant_id
JOIN connect_application a ON a.id = g.application_id
JOIN accounts_person p ON p.id = g.person_id
LEFT JOIN leases_device d ON d.person_id = p.id AND d.jkt = x.value
"""  # noqa: S608  (our own constants)

# an object: the product's code by the person
RIGHTS_OF_MANY = f"""
SELECT {_RIGHT}, {_USAGE}, x.key
FROM json_each(%s) AS x
CROSS JOIN teams_member m ON m.person_id = CAST(x.key AS INTEGER) AND m.left_at IS NULL
JOIN seats_seat s ON s.member_id = m.id AND s.released_at IS NULL
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id AND c.code = x.value
JOIN teams_team te ON te.id = s.team_id
JOIN licenses_license l ON l.pool_id = o.id AND l.usable_until > %s
LEFT JOIN leases_lease e ON e.seat_id = s.id AND e.released_at IS NULL
"""  # noqa: S608  (our own constants)

RUNNING_MANY = f"""
SELECT {_WHO}, {_DEVICE}, e.id, e.mark, e.previous_mark, e.process, e.seq, e.nonce, e.issued_at,
       e.renew_after, e.expires_at, e.released_at, e.end_reason, s.released_at, m.left_at, c.code,
       {_RIGHT}, e.borrowed_until, e.project_id, x.key
FROM json_each(%s) AS x
CROSS JOIN leases_lease e ON e.id = x.value
JOIN leases_device d ON d.id = e.device_id
JOIN accounts_person p ON p.id = d.person_id
JOIN connect_grant g ON g.id = e.grant_id
JOIN connect_application a ON a.id = g.application_id
JOIN seats_seat s ON s.id = e.seat_id
JOIN teams_member m ON m.id = s.member_id
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id
JOIN teams_team te ON te.id = s.team_id
LEFT JOIN licenses_license l ON l.pool_id = o.id AND l.usable_until > %s
"""  # noqa: S608  (our own constants)

# an object: the counter by the device
PROVED = """
SELECT d.id
FROM json_each(%s) AS x
CROSS JOIN leases_device d ON d.id = CAST(x.key AS INTEGER) AND d.counter = x.value AND d.state = 'active'
"""

CHAINS = """
SELECT c.key, c.head, c.length FROM json_each(%s) AS x CROSS JOIN eventlog_chain c ON c.key = x.value
"""
