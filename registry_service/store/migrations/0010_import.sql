-- A whole city's data: files are staged, checked, signed off by each unit, and only then put on the
-- register. Nothing here is of use to the release before, which goes on writing runs that are done.

ALTER TABLE import_run
    ADD COLUMN kind            text NOT NULL DEFAULT 'entities'
                               CHECK (kind IN ('entities', 'premises', 'copies', 'sync')),
    ADD COLUMN state           text NOT NULL DEFAULT 'done'
                               CHECK (state IN ('loading', 'checked', 'done', 'undone', 'tried')),
    ADD COLUMN dry_run         boolean NOT NULL DEFAULT false,
    ADD COLUMN file_sha256     bytea NOT NULL DEFAULT '',
    ADD COLUMN row_count       bigint NOT NULL DEFAULT 0, -- rows below the header
    ADD COLUMN loaded_count    bigint NOT NULL DEFAULT 0, -- rows that are durable
    ADD COLUMN staff_name      text NOT NULL DEFAULT '',
    ADD COLUMN actor_unit_id   integer REFERENCES unit,
    ADD COLUMN workload        text NOT NULL DEFAULT '',
    ADD COLUMN first_entity_no bigint; -- of the block of numbers that its rows get
CREATE INDEX import_run_unfinished ON import_run (file_sha256) WHERE state = 'loading';

ALTER TABLE import_reject
    ADD COLUMN kind       text NOT NULL DEFAULT 'reject'
                          CHECK (kind IN ('reject', 'quarantine', 'warning')),
    ADD COLUMN text       text NOT NULL DEFAULT '',
    ADD COLUMN unit_id    integer NOT NULL DEFAULT 0, -- as far as the row tells; 0: unclear
    ADD COLUMN fields     jsonb NOT NULL DEFAULT '{}', -- the row, for whoever mends it
    ADD COLUMN state      text NOT NULL DEFAULT 'open'
                          CHECK (state IN ('open', 'mended', 'dismissed')),
    ADD COLUMN decided_by text REFERENCES staff,
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decision   text NOT NULL DEFAULT '';

-- What a run holds for one unit, and what became of it.
CREATE TABLE import_unit (
    run_no            bigint NOT NULL REFERENCES import_run,
    unit_id           integer NOT NULL, -- home registrar; 0: unclear, the city's to settle
    new_count         bigint NOT NULL DEFAULT 0,
    unchanged_count   bigint NOT NULL DEFAULT 0,
    rejected_count    bigint NOT NULL DEFAULT 0,
    quarantined_count bigint NOT NULL DEFAULT 0,
    warned_count      bigint NOT NULL DEFAULT 0,
    state             text NOT NULL DEFAULT 'open'
                      CHECK (state IN ('open', 'signed', 'done', 'undone')),
    signed_by         text REFERENCES staff,
    signed_name       text NOT NULL DEFAULT '',
    signed_at         timestamptz,
    applied_to        bigint NOT NULL DEFAULT 0, -- ordinal of the last row on the register
    applied_count     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (run_no, unit_id)
);
CREATE INDEX import_unit_signed ON import_unit (signed_at) WHERE state = 'signed';

-- Rows that are read and wait. Without foreign keys: what they name is checked when they are
-- applied, and a row is gone once it is.
CREATE TABLE import_entity (
    run_no              bigint NOT NULL,
    unit_id             integer NOT NULL,
    ordinal             bigint NOT NULL, -- place among the file's rows, from 1
    line                bigint NOT NULL,
    uscc                text NOT NULL,
    former_code         text NOT NULL,
    state               text NOT NULL,
    state_told          boolean NOT NULL,
    registrar_told      boolean NOT NULL,
    business_name       text NOT NULL,
    type_code           integer NOT NULL,
    person              text NOT NULL,
    address             text NOT NULL,
    address_normalised  text NOT NULL,
    county_unit_id      integer,
    address_unit_id     integer,
    capital             text NOT NULL,
    capital_fen         bigint,
    capital_currency    text,
    establish_date      date,
    scope               text NOT NULL,
    term_start_date     date,
    term_end_date       date,
    organization_form   text NOT NULL,
    effective_date      date NOT NULL,
    source_id           text NOT NULL,
    sort_key            text NOT NULL, -- these are for entity_search
    name_key            text NOT NULL,
    person_key          text NOT NULL,
    terms               text[] NOT NULL,
    mends_run_no        bigint, -- the row mends a line of an earlier run
    mends_line          bigint,
    PRIMARY KEY (run_no, unit_id, ordinal)
);

-- Rows of premises; the entity was found when they were read.
CREATE TABLE import_premises (
    run_no              bigint NOT NULL,
    unit_id             integer NOT NULL, -- home registrar of the entity
    ordinal             bigint NOT NULL,
    line                bigint NOT NULL,
    entity_no           bigint NOT NULL,
    uscc                text NOT NULL,
    title               text NOT NULL,
    address             text NOT NULL,
    address_normalised  text NOT NULL,
    county_unit_id      integer,
    address_unit_id     integer NOT NULL, -- who supervises the place
    standard_code       text NOT NULL,
    scope               text NOT NULL,
    use                 text NOT NULL,
    building            text NOT NULL,
    tenancy_end_date    date,
    filing_date         date NOT NULL,
    source_id           text NOT NULL,
    mends_run_no        bigint,
    mends_line          bigint,
    PRIMARY KEY (run_no, unit_id, ordinal)
);

-- Places that came from another register have no filing; their host claims them instead.
ALTER TABLE premises
    ADD COLUMN claimed_by text REFERENCES staff,
    ADD COLUMN claimed_at timestamptz;
CREATE INDEX premises_unclaimed ON premises (unit_id, entity_no, premises_no)
    WHERE filing_no IS NULL AND claimed_at IS NULL AND state IN ('live', 'suspended');

-- Printed copies of a licence 正本, 副本: each can be returned or declared void by itself.
CREATE TABLE printed_copy (
    entity_no       bigint NOT NULL REFERENCES entity,
    copy_no         integer NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('original', 'duplicate')),
    duplicate_no    integer NOT NULL CHECK ((duplicate_no = 0) = (kind = 'original')),
    license_number  text NOT NULL, -- as printed on it
    document_id     text NOT NULL, -- 电子证照标识
    printed_date    date,
    state           text NOT NULL CHECK (state IN ('in_use', 'returned', 'void')),
    recorded_at     timestamptz NOT NULL,
    source          text NOT NULL,
    source_id       text NOT NULL,
    run_no          bigint,
    PRIMARY KEY (entity_no, copy_no)
);
CREATE INDEX printed_copy_by_number ON printed_copy (license_number) WHERE license_number <> '';
CREATE INDEX printed_copy_by_document ON printed_copy (document_id) WHERE document_id <> '';

CREATE TABLE import_copy (
    run_no          bigint NOT NULL,
    unit_id         integer NOT NULL,
    ordinal         bigint NOT NULL,
    line            bigint NOT NULL,
    entity_no       bigint NOT NULL,
    uscc            text NOT NULL,
    kind            text NOT NULL,
    duplicate_no    integer NOT NULL,
    license_number  text NOT NULL,
    document_id     text NOT NULL,
    printed_date    date,
    state           text NOT NULL,
    source_id       text NOT NULL,
    mends_run_no    bigint,
    mends_line      bigint,
    PRIMARY KEY (run_no, unit_id, ordinal)
);
