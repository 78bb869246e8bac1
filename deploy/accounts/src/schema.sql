CREATE TABLE IF NOT EXISTS account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    organisation TEXT NOT NULL,
    -- argon2id in the PHC form; none for who signs in elsewhere only
    password TEXT,
    -- the secret of a second factor, and the newest step of it that was used
    totp BLOB,
    totp_used INTEGER NOT NULL DEFAULT 0,
    disabled INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS role (
    account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    role TEXT NOT NULL,
    PRIMARY KEY (account, role)
);
-- Who signs in elsewhere: an account by what a provider calls somebody for ever.
CREATE TABLE IF NOT EXISTS link (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)
);
-- One row for each time somebody signed in: the tokens that followed one another since.
CREATE TABLE IF NOT EXISTS family (
    -- SHA-256 of what all tokens of the family begin with
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
    -- SHA-256 of the token that counts, and of the one before it
    current TEXT NOT NULL,
    before TEXT NOT NULL DEFAULT '',
    begun_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    -- of what tokens are made, with those that they replace
    salt BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS families_of ON family (account);
