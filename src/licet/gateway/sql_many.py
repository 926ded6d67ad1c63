"""The door's SQL for many calls at once, on PostgreSQL.

Values come as arrays and go through `unnest`, so that the text, and with it the prepared plan, is the same
for any number. `x.n` tells whose row it is. Whatever locks does so in the order of the keys.
"""

from licet.gateway.sql import _CODE, _CODE_JOINS, _DEVICE, _RIGHT, _STILL, _USAGE, _WHO

CODES = f"""
SELECT {_CODE}, x.n
FROM unnest(%s::text[]) WITH ORDINALITY AS x(hash, n)
JOIN licenses_code c ON c.code_hash = x.hash {_CODE_JOINS}
"""  # noqa: S608  (our own constants)

STILL_MANY = f"""
SELECT e.id, e.mark {_STILL}
WHERE e.id = ANY(%s) AND e.released_at IS NULL AND e.borrowed_until IS NULL
"""

BEARERS = f"""
SELECT {_WHO}, a.products, t.expires_at, t.spent_at, {_DEVICE}, x.n
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS x(jkt, hash, n)
JOIN connect_token t ON t.token_hash = x.hash AND t.kind = 'access'
JOIN connect_grant g ON g.id = t.grant_id
JOIN connect_application a ON a.id = g.application_id
JOIN accounts_person p ON p.id = g.person_id
LEFT JOIN leases_device d ON d.person_id = p.id AND d.jkt = x.jkt
ORDER BY p.id
FOR NO KEY UPDATE OF p
"""  # noqa: S608  (our own constants)

# A device that the statement before has waited for may have changed meanwhile: read again.
DEVICES = f"""
SELECT {_DEVICE} FROM leases_device d WHERE d.id = ANY(%s) ORDER BY d.id FOR NO KEY UPDATE
"""  # noqa: S608  (our own constants)

RIGHTS_OF_MANY = f"""
SELECT {_RIGHT}, {_USAGE}, x.n
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) WITH ORDINALITY AS x(person, product, now, n)
JOIN teams_member m ON m.person_id = x.person AND m.left_at IS NULL
JOIN seats_seat s ON s.member_id = m.id AND s.released_at IS NULL
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id AND c.code = x.product
JOIN teams_team te ON te.id = s.team_id
JOIN licenses_license l ON l.pool_id = o.id AND l.usable_until > x.now
LEFT JOIN leases_lease e ON e.seat_id = s.id AND e.released_at IS NULL
"""  # noqa: S608  (our own constants)

RUNNING_MANY = f"""
SELECT {_WHO}, {_DEVICE}, e.id, e.mark, e.previous_mark, e.process, e.seq, e.nonce, e.issued_at,
       e.renew_after, e.expires_at, e.released_at, e.end_reason, s.released_at, m.left_at, c.code,
       {_RIGHT}, e.borrowed_until, e.project_id, x.n
FROM unnest(%s::bigint[], %s::timestamptz[]) WITH ORDINALITY AS x(id, now, n)
JOIN leases_lease e ON e.id = x.id
JOIN leases_device d ON d.id = e.device_id
JOIN accounts_person p ON p.id = d.person_id
JOIN connect_grant g ON g.id = e.grant_id
JOIN connect_application a ON a.id = g.application_id
JOIN seats_seat s ON s.id = e.seat_id
JOIN teams_member m ON m.id = s.member_id
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id
JOIN teams_team te ON te.id = s.team_id
LEFT JOIN licenses_license l ON l.pool_id = o.id AND l.usable_until > x.now
ORDER BY d.id, e.id
FOR NO KEY UPDATE OF d, e
"""  # noqa: S608  (our own constants)

PROVE_MANY = """
UPDATE leases_device d
SET counter = x.counter, last_seen_at = x.now, denied_code = '', denied_at = NULL
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS x(id, counter, now)
WHERE d.id = x.id AND d.counter < x.counter AND d.state = 'active'
RETURNING d.id
"""

KEEP_MANY = """
INSERT INTO leases_lease
  (mark, previous_mark, team_id, seat_id, license_id, device_id, grant_id, process,
   issued_at, expires_at, renew_after, seq, nonce,
   project_id, borrowed_until, renewals, application_id, released_at, end_reason)
SELECT x.mark, NULL, x.team, x.seat, x.license, x.device, x.grant_id, x.process,
       x.issued_at, x.expires_at, x.renew_after, x.seq, x.nonce, x.project, x.borrowed,
       0, NULL, NULL, ''
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
            %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::bigint[], %s::text[], %s::bigint[],
            %s::timestamptz[])
  AS x(mark, team, seat, license, device, grant_id, process, issued_at, expires_at, renew_after, seq, nonce,
       project, borrowed)
ORDER BY x.device
ON CONFLICT (seat_id, device_id, process) WHERE released_at IS NULL DO UPDATE SET
  previous_mark = NULL, mark = excluded.mark, license_id = excluded.license_id,
  grant_id = excluded.grant_id, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
  renew_after = excluded.renew_after, seq = excluded.seq, nonce = excluded.nonce,
  project_id = excluded.project_id, borrowed_until = excluded.borrowed_until, application_id = NULL
RETURNING id, seat_id, device_id, process
"""

RENEW_MANY = """
UPDATE leases_lease e
SET previous_mark = e.mark, mark = x.mark, license_id = x.license, issued_at = x.issued_at,
  expires_at = x.expires_at, renew_after = x.renew_after, seq = x.seq, nonce = x.nonce,
  renewals = e.renewals + 1
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
            %s::bigint[], %s::text[])
  AS x(id, mark, license, issued_at, expires_at, renew_after, seq, nonce)
WHERE e.id = x.id
"""

USED_MANY = """
INSERT INTO leases_useday (team_id, seat_id, day)
SELECT DISTINCT x.team, x.seat, x.day
FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS x(team, seat, day)
ORDER BY x.seat, x.day, x.team
ON CONFLICT (seat_id, day) DO NOTHING
"""

CHAINS_MADE = """
INSERT INTO eventlog_chain (key, head, length)
SELECT x.key, '', 0 FROM unnest(%s::bigint[]) AS x(key) ORDER BY x.key
ON CONFLICT (key) DO NOTHING
"""

CHAINS_LOCKED = """
SELECT c.key, c.head, c.length FROM eventlog_chain c WHERE c.key = ANY(%s) ORDER BY c.key FOR UPDATE
"""

CHAINS_ON = """
UPDATE eventlog_chain c SET head = x.head, length = x.length
FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS x(key, head, length)
WHERE c.key = x.key
"""

EVENTS = """
INSERT INTO eventlog_event
  (name, at, team, actor_kind, actor_id, actor_label, facts, labels, position, hash)
SELECT x.name, x.at, x.team, x.kind, x.actor, x.label, x.facts::jsonb, x.labels::jsonb, x.position, x.hash
FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[],
            %s::text[], %s::bigint[], %s::text[])
  AS x(name, at, team, kind, actor, label, facts, labels, position, hash)
ORDER BY x.team, x.position
"""
