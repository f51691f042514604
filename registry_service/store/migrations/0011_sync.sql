-- Dated deltas of another system: what a source ever said of an entity, and what is to be decided
-- between it and the register. The release before writes none of it and reads none of it.

ALTER TABLE import_run
    ADD COLUMN source_date date, -- the day that a delta tells of
    ADD COLUMN complete    boolean NOT NULL DEFAULT false; -- everything that its source has

ALTER TABLE import_unit
    ADD COLUMN changed_count bigint NOT NULL DEFAULT 0,
    ADD COLUMN late_count    bigint NOT NULL DEFAULT 0,
    ADD COLUMN decide_count  bigint NOT NULL DEFAULT 0,
    ADD COLUMN missing_count bigint NOT NULL DEFAULT 0; -- entities that a complete file lacks

ALTER TABLE import_entity
    ADD COLUMN known_entity_no bigint, -- whose code it was when the file was compared
    ADD COLUMN digest          bytea,  -- of what the row says; a delta's rows alone have it
    ADD COLUMN gone            boolean NOT NULL DEFAULT false; -- the source has it no more

-- Every distinct thing that a source said of an entity, also what is on its face already: it
-- matters when something older comes later.
CREATE TABLE source_fact (
    entity_no           bigint NOT NULL REFERENCES entity,
    fact_no             integer NOT NULL,
    source              text NOT NULL,
    source_id           text NOT NULL,
    approved_date       date NOT NULL,
    source_date         date NOT NULL, -- the last day on which the source said so
    digest              bytea NOT NULL CHECK (octet_length(digest) = 32),
    business_name       text NOT NULL,
    type_code           integer NOT NULL,
    person              text NOT NULL,
    address             text NOT NULL,
    address_normalised  text NOT NULL,
    county_unit_id      integer REFERENCES unit,
    address_unit_id     integer REFERENCES unit,
    capital             text NOT NULL,
    capital_fen         bigint,
    capital_currency    text,
    establish_date      date,
    scope               text NOT NULL,
    term_start_date     date,
    term_end_date       date,
    organization_form   text NOT NULL,
    state               text NOT NULL,
    state_told          boolean NOT NULL,
    registrar_unit_id   integer REFERENCES unit,
    registrar_told      boolean NOT NULL,
    run_no              bigint NOT NULL,
    recorded_at         timestamptz NOT NULL,
    after_version       integer NOT NULL, -- the entity's last version when it was recorded
    after_revision      bigint NOT NULL,  -- the entity's revision then
    PRIMARY KEY (entity_no, fact_no),
    UNIQUE (entity_no, source, digest)
);

-- When a source last said that it has no entity of that code; also of codes unknown here, whose
-- older rows may still come.
CREATE TABLE source_gone (
    uscc         text NOT NULL,
    source       text NOT NULL,
    source_date  date NOT NULL,
    run_no       bigint NOT NULL,
    PRIMARY KEY (uscc, source)
);

CREATE TABLE sync_item (
    entity_no    bigint NOT NULL REFERENCES entity,
    item_no      integer NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('conflict', 'state', 'gone')),
    fact_no      integer CHECK ((fact_no IS NULL) = (kind = 'gone')),
    source       text NOT NULL,
    source_date  date NOT NULL,
    run_no       bigint NOT NULL,
    state        text NOT NULL CHECK (state IN ('open', 'taken', 'kept', 'lapsed')),
    created_at   timestamptz NOT NULL,
    decided_by   text REFERENCES staff,
    decided_at   timestamptz,
    reason       text NOT NULL DEFAULT '',
    PRIMARY KEY (entity_no, item_no),
    FOREIGN KEY (entity_no, fact_no) REFERENCES source_fact (entity_no, fact_no),
    CHECK ((decided_at IS NULL) = (state = 'open'))
);
CREATE UNIQUE INDEX sync_item_one_open ON sync_item (entity_no, source, kind) WHERE state = 'open';
