"""The door's plain SQL, one call at a time, on SQLite and PostgreSQL.

On SQLite `%s` becomes a question mark. What PostgreSQL does for many calls at once is in `sql_many`.
"""

_RIGHT = (
    "te.id, te.public_id, s.id, s.public_id, l.id, l.public_id, l.state, "
    "l.valid_from, l.valid_until, l.usable_until, l.terms"
)
_USAGE = "e.device_id, e.process, e.issued_at, e.expires_at, e.borrowed_until, e.id"
_DEVICE = "d.id, d.public_id, d.jkt, d.name, d.state, d.counter, d.denied_code, d.denied_at"
_WHO = "p.id, p.public_id, p.is_active, p.full_name, p.email, g.id, g.end_reason, g.expires_at, a.client_id"

_CODE = """
c.public_id, c.ending, c.state, a.redeem_until, c.superseded_at, c.works_until, n.ending, m.left_at,
r.code, r.names, l.team_id, '', 0, '', l.id, l.public_id, l.state,
l.valid_from, l.valid_until, l.usable_until, l.terms"""
_CODE_JOINS = """
LEFT JOIN licenses_license l ON l.id = c.license_id
LEFT JOIN licenses_pool o ON o.id = l.pool_id
LEFT JOIN licenses_allotment a ON a.id = c.allotment_id
LEFT JOIN licenses_code n ON n.id = c.superseded_by_id
LEFT JOIN teams_member m ON m.id = c.member_id
JOIN catalog_product r ON r.id = coalesce(o.product_id, a.product_id)
"""

CODE = f"SELECT {_CODE} FROM licenses_code c {_CODE_JOINS} WHERE c.code_hash = %s"  # noqa: S608

BEARER = f"""
SELECT {_WHO}, a.products, t.expires_at, t.spent_at, {_DEVICE}
FROM connect_token t
JOIN connect_grant g ON g.id = t.grant_id
JOIN connect_application a ON a.id = g.application_id
JOIN accounts_person p ON p.id = g.person_id
LEFT JOIN leases_device d ON d.person_id = p.id AND d.jkt = %s
WHERE t.token_hash = %s AND t.kind = 'access'
"""  # noqa: S608  (our own constants)
# Two devices of one person that check out at once meet on the person's row, so that the second
# counts the first one's lease.
BEARER_LOCK = "FOR NO KEY UPDATE OF p"

RIGHTS = f"""
SELECT {_RIGHT}, {_USAGE}
FROM teams_member m
JOIN seats_seat s ON s.member_id = m.id AND s.released_at IS NULL
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id AND c.code = %s
JOIN teams_team te ON te.id = s.team_id
JOIN licenses_license l ON l.pool_id = o.id AND l.usable_until > %s
LEFT JOIN leases_lease e ON e.seat_id = s.id AND e.released_at IS NULL
WHERE m.person_id = %s AND m.left_at IS NULL
"""  # noqa: S608  (our own constants)

_STILL_JOINS = """
JOIN leases_device d ON d.id = e.device_id AND d.state = 'active'
JOIN connect_grant g ON g.id = e.grant_id AND g.end_reason = ''
JOIN accounts_person p ON p.id = d.person_id AND p.is_active
JOIN seats_seat s ON s.id = e.seat_id AND s.released_at IS NULL
JOIN teams_member m ON m.id = s.member_id AND m.left_at IS NULL
JOIN licenses_license l ON l.id = e.license_id AND l.state = 'issued'
"""
_STILL = f"FROM leases_lease e {_STILL_JOINS}"

STILL = f"SELECT e.mark {_STILL} WHERE e.id = %s AND e.released_at IS NULL AND e.borrowed_until IS NULL"

HISTORY = f"""
SELECT {_RIGHT}, s.released_at, m.left_at
FROM teams_member m
JOIN seats_seat s ON s.member_id = m.id
JOIN licenses_pool o ON o.id = s.pool_id
JOIN catalog_product c ON c.id = o.product_id AND c.code = %s
JOIN teams_team te ON te.id = s.team_id
JOIN licenses_license l ON l.pool_id = o.id
WHERE m.person_id = %s
"""  # noqa: S608  (our own constants)

PRODUCT = "SELECT c.names FROM catalog_product c WHERE c.code = %s"

ELSEWHERE = """
SELECT d.id, d.public_id, d.name, e.expires_at, e.borrowed_until
FROM leases_lease e
JOIN leases_device d ON d.id = e.device_id
WHERE e.seat_id = %s AND e.released_at IS NULL AND e.expires_at > %s
ORDER BY e.expires_at
"""

# Read only where the terms of a license demand a project.
_WORK = """
SELECT pr.id, pr.public_id, pr.name, pr.state, pr.own_licenses, te.id, te.name, pm.role
FROM projects_project pr
JOIN teams_team te ON te.id = pr.team_id
LEFT JOIN projects_projectmember pm ON pm.project_id = pr.id AND pm.left_at IS NULL AND pm.member_id IN (
  SELECT m.id FROM teams_member m WHERE m.person_id = %s AND m.left_at IS NULL)
"""
WORK_NAMED = f"{_WORK} WHERE pr.public_id = %s"
WORK_KNOWN = f"{_WORK} WHERE pr.id = %s"

# Whose log a denial belongs in: teams of the person that have or had licenses of the product.
CONCERNED = """
SELECT DISTINCT o.team_id
FROM teams_member m
JOIN licenses_pool o ON o.team_id = m.team_id
JOIN catalog_product c ON c.id = o.product_id AND c.code = %s
WHERE m.person_id = %s AND m.left_at IS NULL
"""

RUNNING = f"""
SELECT {_WHO}, {_DEVICE}, e.id, e.mark, e.previous_mark, e.process, e.seq, e.nonce, e.issued_at,
       e.renew_after, e.expires_at, e.released_at, e.end_reason, s.released_at, m.left_at, c.code, {_RIGHT},
       e.borrowed_until, e.project_id
FROM leases_lease e
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
WHERE e.id = %s
"""  # noqa: S608  (our own constants)
# Two copies of one state folder that renew at once meet on the lease's row; a block of the device comes
# before or after. The device is locked first, as check-out and block do, so that none waits in a circle.
RUNNING_LOCK = "FOR NO KEY UPDATE OF d, e"

# On PostgreSQL a reading that waited for a lock still shows the other rows as they were before; this
# is what decides between two check-outs with one counter, and between a check-out and a block.
PROVE = """
UPDATE leases_device SET counter = %s, last_seen_at = %s, denied_code = '', denied_at = NULL
WHERE id = %s AND counter < %s AND state = 'active'
"""

TOUCH = """
UPDATE leases_device SET counter = CASE WHEN counter < %s THEN %s ELSE counter END,
  last_seen_at = %s, denied_code = %s, denied_at = %s
WHERE id = %s
"""

KEEP = """
INSERT INTO leases_lease
  (mark, previous_mark, team_id, seat_id, license_id, device_id, grant_id, process,
   issued_at, expires_at, renew_after, seq, nonce,
   project_id, borrowed_until, renewals, application_id, released_at, end_reason)
VALUES (%s, NULL, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, NULL, NULL, '')
ON CONFLICT (seat_id, device_id, process) WHERE released_at IS NULL DO UPDATE SET
  previous_mark = NULL, mark = excluded.mark, license_id = excluded.license_id,
  grant_id = excluded.grant_id, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
  renew_after = excluded.renew_after, seq = excluded.seq, nonce = excluded.nonce,
  project_id = excluded.project_id, borrowed_until = excluded.borrowed_until, application_id = NULL
RETURNING id
"""

# On SQLite, where a group is alone with the database: the row that the reading has shown.
KEEP_ON = """
UPDATE leases_lease SET previous_mark = NULL, mark = %s, license_id = %s, grant_id = %s, issued_at = %s,
  expires_at = %s, renew_after = %s, seq = %s, nonce = %s, project_id = %s, borrowed_until = %s,
  application_id = NULL
WHERE id = %s
"""

RENEW = """
UPDATE leases_lease SET previous_mark = mark, mark = %s, license_id = %s, issued_at = %s,
  expires_at = %s, renew_after = %s, seq = %s, nonce = %s, renewals = renewals + 1
WHERE id = %s
"""

RELEASE = """
UPDATE leases_lease SET released_at = %s, end_reason = 'released', seq = %s, nonce = %s WHERE id = %s
"""

# In favour of another device of the person. What goes on offline cannot be ended from here.
REPLACE = """
UPDATE leases_lease SET released_at = %s, end_reason = 'replaced'
WHERE seat_id = %s AND device_id = %s AND released_at IS NULL
  AND (borrowed_until IS NULL OR borrowed_until <= %s)
"""

EVER = "SELECT 1 FROM leases_lease e WHERE e.seat_id = %s AND e.device_id = %s LIMIT 1"

USED = """
INSERT INTO leases_useday (team_id, seat_id, day) VALUES (%s, %s, %s) ON CONFLICT (seat_id, day) DO NOTHING
"""

# Reads nothing first: another device's first check-out, or the seat's release, may come between.
FIRST_USE = (
    "UPDATE seats_seat SET first_used_at = %s WHERE id = %s AND first_used_at IS NULL AND released_at IS NULL"
)

EVENT = """
INSERT INTO eventlog_event
  (name, at, team, actor_kind, actor_id, actor_label, facts, labels, position, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
CHAIN_ON = """
INSERT INTO eventlog_chain (key, head, length) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET head = excluded.head, length = excluded.length
"""

# A lease that was handed out must outlive a power cut; the write-ahead log alone may lose the last ones.
DURABLE = "PRAGMA synchronous=FULL"

# Two gibibytes are the most that SQLite maps: pages are read without a system call and shared by all
# processes. What is in the write-ahead log cannot be mapped; 64 MB keep it, and every index's inner pages.
MAPPED, CACHED = "PRAGMA mmap_size=2147418112", "PRAGMA cache_size=-65536"
