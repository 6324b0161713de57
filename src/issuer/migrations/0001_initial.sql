-- Names and values of the issuer itself, such as the check value of the master key.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;

-- Times are seconds since the Unix epoch, everywhere.
CREATE TABLE signing_key (
    key_id             TEXT PRIMARY KEY NOT NULL,
    -- There is no column for the public key: it is derived from the sealed one, which nobody can
    -- write who does not know the master key.
    algorithm          TEXT NOT NULL CHECK (algorithm IN ('ES256', 'Ed25519', 'RS256')),
    state              TEXT NOT NULL CHECK (state IN ('announced', 'active', 'retired', 'removed', 'tainted')),
    sealed_private_key BLOB NOT NULL,
    created_at         INTEGER NOT NULL,
    activated_at       INTEGER,
    retired_at         INTEGER
) STRICT;

-- Two active keys would make it a matter of luck which one signs.
CREATE UNIQUE INDEX one_active_signing_key ON signing_key (state) WHERE state = 'active';

CREATE TABLE client (
    client_id      TEXT PRIMARY KEY NOT NULL,
    name           TEXT NOT NULL,
    enabled        INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    may_get_tokens INTEGER NOT NULL DEFAULT 1 CHECK (may_get_tokens IN (0, 1)),
    token_lifetime INTEGER NOT NULL CHECK (token_lifetime BETWEEN 1 AND 3600),
    created_at     INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE client_scope (
    client_id TEXT NOT NULL REFERENCES client ON DELETE CASCADE,
    scope     TEXT NOT NULL,
    PRIMARY KEY (client_id, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE client_resource (
    client_id TEXT NOT NULL REFERENCES client ON DELETE CASCADE,
    resource  TEXT NOT NULL,
    PRIMARY KEY (client_id, resource)
) STRICT, WITHOUT ROWID;

-- Several rows per client may be live at once, so that a secret can be replaced without a gap.
CREATE TABLE client_secret (
    secret_id    TEXT PRIMARY KEY NOT NULL,
    client_id    TEXT NOT NULL REFERENCES client ON DELETE CASCADE,
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER
) STRICT;

CREATE INDEX client_secret_by_client ON client_secret (client_id);
