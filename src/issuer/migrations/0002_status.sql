-- Places in the status list, one per client, secret and epoch. A row is never deleted, and
-- AUTOINCREMENT gives no number twice, so a token never speaks for another client. No foreign keys:
-- the place of a client outlives it.
CREATE TABLE status_entry (
    status_index INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id    TEXT NOT NULL,
    secret_id    TEXT NOT NULL,
    -- Milliseconds since the Unix epoch, in this file everywhere but in `expires_at`.
    created_at   INTEGER NOT NULL,
    -- From when its tokens are dead; they stay dead.
    invalid_at   INTEGER
) STRICT;

CREATE UNIQUE INDEX one_valid_status_entry ON status_entry (secret_id) WHERE invalid_at IS NULL;
CREATE INDEX valid_status_entry_by_client ON status_entry (client_id) WHERE invalid_at IS NULL;
CREATE INDEX invalid_status_entry ON status_entry (status_index) WHERE invalid_at IS NOT NULL;

-- How often access was taken away, and when last. One row.
CREATE TABLE status_list (
    only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
    sequence   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

INSERT INTO status_list (only_row, sequence, changed_at)
VALUES (1, 1, CAST(unixepoch('subsec') * 1000 AS INTEGER));

-- Single tokens that were revoked (RFC 7009), until they would have expired anyway.
CREATE TABLE revoked_token (
    token_id   TEXT PRIMARY KEY NOT NULL,
    client_id  TEXT NOT NULL,
    -- Seconds since the Unix epoch: the `exp` of the token.
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL
) STRICT;

CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at);

-- What operators changed, written with the change or not at all.
CREATE TABLE client_change (
    change_number INTEGER PRIMARY KEY AUTOINCREMENT,
    changed_at    INTEGER NOT NULL,
    client_id     TEXT NOT NULL,
    change        TEXT NOT NULL,
    detail        TEXT NOT NULL
) STRICT;

CREATE INDEX client_change_by_client ON client_change (client_id);

INSERT INTO status_entry (client_id, secret_id, created_at)
SELECT client_id, secret_id, CAST(unixepoch('subsec') * 1000 AS INTEGER)
FROM client_secret JOIN client USING (client_id) WHERE enabled = 1
ORDER BY client_secret.created_at, secret_id;
