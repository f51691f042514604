-- One act on many entities: all licences of a city's first day, or of a changed key, host or layout.

CREATE TABLE mass_run (
    run_no          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('issue', 'reissue')),
    state           text NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'done', 'cancelled')),
    unit_id         integer REFERENCES unit, -- NULL: every unit's entities
    of_kid          bytea, -- REISSUE: only what this key signed; NULL: whatever key
    of_host         text NOT NULL DEFAULT '', -- REISSUE: only what names this host; '': whatever host
    basis           text NOT NULL,
    wanted          bigint NOT NULL, -- entities, as counted when it was asked for
    staff_no        text NOT NULL REFERENCES staff,
    staff_name      text NOT NULL,
    actor_unit_id   integer REFERENCES unit,
    workload        text NOT NULL,
    created_at      timestamptz NOT NULL,
    confirmed_by    text REFERENCES staff,
    confirmed_name  text NOT NULL DEFAULT '',
    started_at      timestamptz,
    ended_at        timestamptz,
    cursor_no       bigint NOT NULL DEFAULT 0, -- entities up to this one are in a chunk
    CHECK ((started_at IS NULL) = (confirmed_by IS NULL))
);

-- Entities that are done in one go. What is to be signed stands here, committed, before it is signed;
-- it goes with the transaction that puts the signed licences on the register.
CREATE TABLE mass_chunk (
    run_no    bigint NOT NULL REFERENCES mass_run,
    chunk_no  integer NOT NULL,
    after_no  bigint NOT NULL, -- entities behind this one …
    to_no     bigint NOT NULL, -- … up to this one
    state     text NOT NULL CHECK (state IN ('open', 'intended', 'done')),
    epoch     integer NOT NULL DEFAULT 0, -- of the recovery after which it was intended
    kid       bytea,
    host      text NOT NULL DEFAULT '',
    made_at   timestamptz, -- iat of what is to be signed
    intents   bytea,
    issued    integer NOT NULL DEFAULT 0,
    voided    integer NOT NULL DEFAULT 0, -- entities that somebody changed meanwhile
    failed    integer NOT NULL DEFAULT 0, -- entities of which something is to be said
    PRIMARY KEY (run_no, chunk_no),
    CHECK ((state = 'intended') = (intents IS NOT NULL))
);
ALTER TABLE mass_chunk ALTER COLUMN intents SET STORAGE EXTERNAL;
CREATE INDEX mass_chunk_waiting ON mass_chunk (run_no, chunk_no) WHERE state <> 'done';

-- Why an entity got no licence.
CREATE TABLE mass_remark (
    run_no     bigint NOT NULL REFERENCES mass_run,
    entity_no  bigint NOT NULL,
    reason     text NOT NULL,
    text       text NOT NULL,
    PRIMARY KEY (run_no, entity_no)
);
