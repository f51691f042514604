-- Partners, what they may ask for, and what they asked to be told.

-- What every node holds in memory. Each change of it raises the number in its own transaction, so
-- that a node asks for one number every second and for the rest only when it moved.
CREATE TABLE directory_revision (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint NOT NULL
);
INSERT INTO directory_revision (number) VALUES (1);

CREATE TABLE partner (
    id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    title text NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'suspended', 'ended')),
    calls_per_second integer NOT NULL CHECK (calls_per_second > 0),
    burst integer NOT NULL CHECK (burst > 0),
    calls_at_once integer NOT NULL CHECK (calls_at_once > 0),
    checks_per_day bigint NOT NULL CHECK (checks_per_day > 0),
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);

-- One row a purpose. A grant that is given anew takes the row of the one before; partner_event
-- keeps both.
CREATE TABLE partner_grant (
    partner_id text NOT NULL REFERENCES partner,
    purpose text NOT NULL,
    items text[] NOT NULL,
    claims text[] NOT NULL,
    from_date date NOT NULL,
    until_date date CHECK (until_date >= from_date),
    revoked_at timestamptz,
    revision bigint NOT NULL,
    PRIMARY KEY (partner_id, purpose)
);

CREATE TABLE partner_certificate (
    partner_id text NOT NULL REFERENCES partner,
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
    serial_number text,
    expires_at timestamptz,
    first_seen_at timestamptz,
    last_seen_at timestamptz,
    disabled_at timestamptz,
    disabled_by text,
    disabled_because text,
    PRIMARY KEY (partner_id, fingerprint)
);
CREATE INDEX partner_certificate_disabled ON partner_certificate (fingerprint)
    WHERE disabled_at IS NOT NULL;

-- Acts that wait for a second person, and those that were answered.
CREATE TABLE partner_act (
    partner_id text NOT NULL,
    number bigint NOT NULL,
    act text NOT NULL,
    title text NOT NULL,
    wish jsonb NOT NULL,
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'refused', 'lapsed')),
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_by text,
    answered_at timestamptz,
    answer text,
    PRIMARY KEY (partner_id, number)
);
CREATE INDEX partner_act_waiting ON partner_act (asked_at) WHERE state = 'waiting';

CREATE TABLE partner_event (
    partner_id text NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    reason text NOT NULL,
    by_staff text NOT NULL,
    by_name text NOT NULL,
    workload text NOT NULL,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (partner_id, number)
);

-- Answers to acts, so that a repeated request gets the first one.
CREATE TABLE partner_request (
    workload text NOT NULL,
    request_id uuid NOT NULL,
    method text NOT NULL,
    digest bytea NOT NULL,
    answer bytea NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (workload, request_id)
);

-- How many checks a partner asked for on a day of Beijing; each node adds what it let in.
CREATE TABLE partner_day (
    partner_id text NOT NULL,
    day date NOT NULL,
    checks bigint NOT NULL,
    PRIMARY KEY (partner_id, day)
);

CREATE TABLE watched_code (
    partner_id text NOT NULL REFERENCES partner,
    code text NOT NULL,
    since_at timestamptz NOT NULL,
    PRIMARY KEY (partner_id, code)
);
CREATE INDEX watched_code_by_code ON watched_code (code);

-- What happened to a watched code: kinds and names of items, never values.
CREATE TABLE watched_change (
    partner_id text NOT NULL REFERENCES partner,
    feed_number bigint NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    items text[] NOT NULL,
    place integer,
    effective_date date,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (partner_id, feed_number)
);

-- Up to which number of the registry's feed watched_change tells everything.
CREATE TABLE feed_position (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    feed_number bigint NOT NULL
);
