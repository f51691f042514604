-- Acts on keys and hosts: one key custodian asks, another confirms (docs/keys.md, ADR 0014).

CREATE TABLE key_act (
    act_no       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    act          text NOT NULL,
    subject      text NOT NULL, -- the use of a key to be made, a kid in hexadecimal digits, or a host
    reason       text NOT NULL,
    early        boolean NOT NULL, -- activated before checkers had time to learn of it
    affected     bigint NOT NULL, -- documents in use that stop being good by it
    state        text NOT NULL CHECK (state IN ('waiting', 'done', 'refused', 'lapsed')),
    asked_by     text NOT NULL REFERENCES staff,
    asked_at     timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    answered_by  text REFERENCES staff,
    answered_at  timestamptz,
    answer       text NOT NULL DEFAULT '', -- why it was refused or lapsed
    kid          bytea CHECK (octet_length(kid) = 8), -- of the key that was made
    CHECK ((state = 'waiting') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX key_act_one_waiting ON key_act (act, subject) WHERE state = 'waiting';

-- What was done to keys, hosts and trust lists; rows are added only.
CREATE TABLE key_event (
    event_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    subject      text NOT NULL,
    reason       text NOT NULL,
    detail       jsonb NOT NULL,
    actor        text NOT NULL, -- staff number, or '' for the system
    actor_name   text NOT NULL,
    workload     text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    row_hash     bytea NOT NULL CHECK (octet_length(row_hash) = 32)
);
