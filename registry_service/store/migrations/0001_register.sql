-- The register (design.md §2). Times are UTC. A table that grows by the entity has entity_no first
-- in every key; the exceptions are directories, keyed by what they look up (ADR 0002).

-- Reference tables -------------------------------------------------------------------------------

CREATE TABLE unit (
    unit_id    integer PRIMARY KEY,
    parent_id  integer REFERENCES unit,
    kind       text NOT NULL CHECK (kind IN ('city', 'county', 'zone', 'station')),
    title      text NOT NULL
);

CREATE TABLE unit_alias (
    source      text NOT NULL,
    code        text NOT NULL,
    from_date   date NOT NULL,
    until_date  date,
    unit_id     integer NOT NULL REFERENCES unit,
    PRIMARY KEY (source, code, from_date)
);

CREATE TABLE staff (
    staff_no     text PRIMARY KEY,
    person_name  text NOT NULL,
    disabled     boolean NOT NULL DEFAULT false
);

CREATE TABLE staff_assignment (
    staff_no    text NOT NULL REFERENCES staff,
    unit_id     integer NOT NULL REFERENCES unit,
    role        text NOT NULL CHECK (role IN ('registrar', 'head', 'supervisor', 'city', 'policy',
                                              'operator', 'key_custodian', 'auditor')),
    from_date   date NOT NULL,
    until_date  date,
    PRIMARY KEY (staff_no, unit_id, role, from_date)
);

-- Certificates are short-lived; whoever stands here is refused until theirs runs out.
CREATE TABLE workload_disabled (
    spiffe_id    text PRIMARY KEY,
    disabled_at  timestamptz NOT NULL,
    reason       text NOT NULL
);

CREATE TABLE signing_key (
    kid           bytea PRIMARY KEY CHECK (octet_length(kid) = 8),
    use           text NOT NULL CHECK (use IN ('root', 'token', 'status', 'publication',
                                               'statement', 'receipt')),
    alg           integer NOT NULL,
    public_key    bytea NOT NULL,
    state         text NOT NULL CHECK (state IN ('next', 'active', 'retired', 'distrusted')),
    created_at    timestamptz NOT NULL,
    activated_at  timestamptz,
    retired_at    timestamptz
);
CREATE UNIQUE INDEX signing_key_one_active ON signing_key (use) WHERE state = 'active';

CREATE TABLE import_run (
    run_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      text NOT NULL,
    file_name   text NOT NULL,
    staff_no    text NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    imported    bigint NOT NULL DEFAULT 0,
    unchanged   bigint NOT NULL DEFAULT 0,
    rejected    bigint NOT NULL DEFAULT 0
);

CREATE TABLE import_reject (
    run_no  bigint NOT NULL REFERENCES import_run,
    line    bigint NOT NULL,
    field   text NOT NULL,
    reason  text NOT NULL,
    PRIMARY KEY (run_no, line, field, reason)
);

-- Directories ------------------------------------------------------------------------------------

-- Whose code that is or was. A code once given is never given to another.
CREATE TABLE code_directory (
    code       text PRIMARY KEY,
    entity_no  bigint NOT NULL
);

CREATE TABLE receipt_directory (
    receipt_number  text PRIMARY KEY,
    entity_no       bigint NOT NULL
);

-- The first answer to each request, for its repetitions.
CREATE TABLE request_log (
    caller       text NOT NULL,
    request_id   uuid NOT NULL,
    method       text NOT NULL,
    digest       bytea NOT NULL,
    answer       bytea NOT NULL,
    recorded_at  timestamptz NOT NULL,
    PRIMARY KEY (caller, request_id)
);

-- Entities ---------------------------------------------------------------------------------------

CREATE SEQUENCE entity_no_seq;
CREATE SEQUENCE receipt_seq;

CREATE TABLE entity (
    entity_no          bigint PRIMARY KEY,
    uscc               text NOT NULL,
    state              text NOT NULL CHECK (state IN ('active', 'dormant', 'liquidating', 'revoked',
                                                      'deregistered', 'annulled')),
    registrar_unit_id  integer REFERENCES unit, -- NULL: unit unclear
    version            integer NOT NULL,
    revision           bigint NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL
);
CREATE INDEX entity_by_registrar ON entity (registrar_unit_id, uscc);
CREATE INDEX entity_by_code ON entity (uscc);

CREATE TABLE entity_code (
    entity_no   bigint NOT NULL REFERENCES entity,
    code        text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('uscc', 'registration_number')),
    from_date   date,
    until_date  date,
    PRIMARY KEY (entity_no, code)
);

CREATE TABLE entity_version (
    entity_no           bigint NOT NULL REFERENCES entity,
    version             integer NOT NULL CHECK (version > 0),
    business_name       text NOT NULL,
    type_code           integer NOT NULL,
    person              text NOT NULL,
    address             text NOT NULL,
    address_normalised  text NOT NULL,
    county_unit_id      integer REFERENCES unit,
    address_unit_id     integer REFERENCES unit,
    standard_code       text NOT NULL,
    latitude            double precision,
    longitude           double precision,
    capital             text NOT NULL,
    capital_fen         bigint,
    capital_currency    text,
    establish_date      date,
    scope               text NOT NULL,
    term_start_date     date,
    term_end_date       date,
    organization_form   text NOT NULL,
    registrar_unit_id   integer REFERENCES unit,
    effective_date      date NOT NULL,
    recorded_at         timestamptz NOT NULL,
    source              text NOT NULL,
    source_id           text NOT NULL,
    run_no              bigint,
    corrects_version    integer,
    PRIMARY KEY (entity_no, version),
    FOREIGN KEY (entity_no, corrects_version) REFERENCES entity_version (entity_no, version)
);

CREATE TABLE application (
    entity_no       bigint NOT NULL REFERENCES entity,
    application_no  integer NOT NULL,
    receipt_number  text NOT NULL,
    applicant       text NOT NULL,
    agent           text NOT NULL,
    identity_check  text NOT NULL,
    channel         text NOT NULL,
    unit_id         integer NOT NULL REFERENCES unit,
    staff_no        text NOT NULL REFERENCES staff,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (entity_no, application_no)
);

-- Premises ---------------------------------------------------------------------------------------

CREATE TABLE filing (
    entity_no           bigint NOT NULL,
    filing_no           integer NOT NULL,
    application_no      integer NOT NULL,
    state               text NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'rejected',
                                                       'manual', 'filed', 'withdrawn')),
    title               text NOT NULL,
    address             text NOT NULL,
    address_normalised  text NOT NULL,
    county_unit_id      integer REFERENCES unit,
    address_unit_id     integer REFERENCES unit,
    standard_code       text NOT NULL,
    latitude            double precision,
    longitude           double precision,
    scope               text NOT NULL,
    use                 text NOT NULL,
    tenancy_end_date    date,
    policy_version      text NOT NULL,
    premises_no         integer,
    handover_no         integer,
    revision            bigint NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    PRIMARY KEY (entity_no, filing_no),
    FOREIGN KEY (entity_no, application_no) REFERENCES application (entity_no, application_no)
);

CREATE TABLE finding (
    entity_no  bigint NOT NULL,
    filing_no  integer NOT NULL,
    revision   bigint NOT NULL, -- of the filing, when it was submitted
    rule       integer NOT NULL,
    outcome    text NOT NULL CHECK (outcome IN ('warn', 'return', 'manual', 'block')),
    reason     text NOT NULL,
    remedy     text NOT NULL,
    PRIMARY KEY (entity_no, filing_no, revision, rule),
    FOREIGN KEY (entity_no, filing_no) REFERENCES filing (entity_no, filing_no)
);

CREATE TABLE document (
    entity_no         bigint NOT NULL,
    filing_no         integer NOT NULL,
    revision          bigint NOT NULL, -- of the filing it came with
    document_no       integer NOT NULL,
    kind              text NOT NULL,
    sha256            bytea NOT NULL CHECK (octet_length(sha256) = 32),
    signer            text NOT NULL,
    valid_from_date   date,
    valid_until_date  date,
    PRIMARY KEY (entity_no, filing_no, revision, document_no),
    FOREIGN KEY (entity_no, filing_no) REFERENCES filing (entity_no, filing_no)
);

CREATE TABLE premises (
    entity_no    bigint NOT NULL REFERENCES entity,
    premises_no  integer NOT NULL,
    state        text NOT NULL CHECK (state IN ('live', 'suspended', 'removed', 'struck', 'ended')),
    version      integer NOT NULL,
    unit_id      integer NOT NULL REFERENCES unit, -- supervising unit
    filing_no    integer,
    filing_date  date NOT NULL,
    revision     bigint NOT NULL,
    PRIMARY KEY (entity_no, premises_no),
    FOREIGN KEY (entity_no, filing_no) REFERENCES filing (entity_no, filing_no)
);
CREATE INDEX premises_by_unit ON premises (unit_id, entity_no);

CREATE TABLE premises_version (
    entity_no           bigint NOT NULL,
    premises_no         integer NOT NULL,
    version             integer NOT NULL,
    title               text NOT NULL,
    address             text NOT NULL,
    address_normalised  text NOT NULL,
    county_unit_id      integer REFERENCES unit,
    address_unit_id     integer REFERENCES unit,
    standard_code       text NOT NULL,
    latitude            double precision,
    longitude           double precision,
    scope               text NOT NULL,
    use                 text NOT NULL,
    tenancy_end_date    date,
    effective_date      date NOT NULL,
    recorded_at         timestamptz NOT NULL,
    source              text NOT NULL,
    source_id           text NOT NULL,
    run_no              bigint,
    PRIMARY KEY (entity_no, premises_no, version),
    FOREIGN KEY (entity_no, premises_no) REFERENCES premises (entity_no, premises_no)
);

CREATE TABLE handover (
    entity_no        bigint NOT NULL,
    handover_no      integer NOT NULL,
    filing_no        integer NOT NULL,
    premises_no      integer NOT NULL,
    from_unit_id     integer NOT NULL REFERENCES unit,
    to_unit_id       integer NOT NULL REFERENCES unit,
    state            text NOT NULL CHECK (state IN ('pending', 'acknowledged', 'declined',
                                                    'forwarded', 'disputed', 'reported')),
    revision         bigint NOT NULL,
    created_at       timestamptz NOT NULL,
    acknowledged_by  text REFERENCES staff,
    acknowledged_at  timestamptz,
    PRIMARY KEY (entity_no, handover_no),
    UNIQUE (entity_no, filing_no),
    FOREIGN KEY (entity_no, filing_no) REFERENCES filing (entity_no, filing_no),
    FOREIGN KEY (entity_no, premises_no) REFERENCES premises (entity_no, premises_no)
);
CREATE INDEX handover_inbox ON handover (to_unit_id, state, created_at);

-- Licences ---------------------------------------------------------------------------------------

-- Entry n of the sequence is entry n mod 2^20 of list n div 2^20; a number is never given twice.
CREATE SEQUENCE status_entry_seq MINVALUE 0 START 0;

CREATE TABLE status_entry (
    entity_no  bigint NOT NULL REFERENCES entity,
    list_no    integer NOT NULL CHECK (list_no >= 0),
    idx        integer NOT NULL CHECK (idx BETWEEN 0 AND 1048575),
    own        smallint NOT NULL CHECK (own BETWEEN 0 AND 15), -- the document's own status
    PRIMARY KEY (entity_no, list_no, idx)
);
CREATE INDEX status_entry_by_list ON status_entry (list_no, idx);

CREATE TABLE license_version (
    entity_no       bigint NOT NULL,
    version         integer NOT NULL,
    entity_version  integer NOT NULL,
    state           text NOT NULL CHECK (state IN ('intent', 'issued', 'superseded', 'voided',
                                                   'lost_void')),
    request_id      uuid,
    kid             bytea NOT NULL REFERENCES signing_key,
    to_be_signed    bytea NOT NULL, -- Sig_structure, RFC 9052 §4.4; stored before it is signed
    list_no         integer NOT NULL,
    idx             integer NOT NULL,
    scan_host       text NOT NULL,
    token           bytea,
    token_id        bytea NOT NULL CHECK (octet_length(token_id) = 32),
    created_at      timestamptz NOT NULL,
    issued_at       timestamptz,
    PRIMARY KEY (entity_no, version),
    FOREIGN KEY (entity_no, entity_version) REFERENCES entity_version (entity_no, version),
    FOREIGN KEY (entity_no, list_no, idx) REFERENCES status_entry (entity_no, list_no, idx),
    CHECK ((token IS NULL) = (state IN ('intent', 'voided'))),
    CHECK ((token IS NULL) = (issued_at IS NULL))
);
CREATE UNIQUE INDEX license_version_one_live ON license_version (entity_no)
    WHERE state IN ('intent', 'issued');
CREATE INDEX license_version_intents ON license_version (created_at) WHERE state = 'intent';

CREATE TABLE site_code (
    entity_no         bigint NOT NULL,
    premises_no       integer NOT NULL,
    version           integer NOT NULL,
    premises_version  integer NOT NULL,
    state             text NOT NULL CHECK (state IN ('intent', 'issued', 'superseded', 'voided',
                                                     'lost_void')),
    request_id        uuid,
    kid               bytea NOT NULL REFERENCES signing_key,
    to_be_signed      bytea NOT NULL,
    list_no           integer NOT NULL,
    idx               integer NOT NULL,
    scan_host         text NOT NULL,
    token             bytea,
    token_id          bytea NOT NULL CHECK (octet_length(token_id) = 32),
    created_at        timestamptz NOT NULL,
    issued_at         timestamptz,
    PRIMARY KEY (entity_no, premises_no, version),
    FOREIGN KEY (entity_no, premises_no, premises_version)
        REFERENCES premises_version (entity_no, premises_no, version),
    FOREIGN KEY (entity_no, list_no, idx) REFERENCES status_entry (entity_no, list_no, idx),
    CHECK ((token IS NULL) = (state IN ('intent', 'voided'))),
    CHECK ((token IS NULL) = (issued_at IS NULL))
);
CREATE UNIQUE INDEX site_code_one_live ON site_code (entity_no, premises_no)
    WHERE state IN ('intent', 'issued');
CREATE INDEX site_code_intents ON site_code (created_at) WHERE state = 'intent';

-- Publication ------------------------------------------------------------------------------------

CREATE TABLE trust_list (
    version    bigint PRIMARY KEY,
    content    bytea NOT NULL,
    issued_at  timestamptz NOT NULL
);

-- The newest signed form of each list, under each host that tokens name.
CREATE TABLE published_list (
    uri        text PRIMARY KEY,
    list_no    integer NOT NULL,
    content    bytea NOT NULL,
    issued_at  timestamptz NOT NULL
);

-- One row: the manifest in force.
CREATE TABLE manifest (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    seq             bigint NOT NULL,
    content         bytea NOT NULL,
    issued_at       timestamptz NOT NULL,
    feed_watermark  bigint NOT NULL
);

-- Events -----------------------------------------------------------------------------------------

CREATE TABLE event (
    entity_no          bigint NOT NULL REFERENCES entity,
    revision           bigint NOT NULL CHECK (revision > 0),
    feed_no            bigint, -- given by the one sequencer, after commit
    kind               text NOT NULL,
    subject            text NOT NULL, -- resource name below the entity, as 'premises/2'
    state_after        text NOT NULL, -- of the entity
    actor              text NOT NULL, -- staff number, or '' for the system's own acts
    actor_name         text NOT NULL,
    actor_unit_id      integer REFERENCES unit,
    workload           text NOT NULL,
    basis              text NOT NULL,
    reverses_revision  bigint,
    effective_date     date NOT NULL,
    recorded_at        timestamptz NOT NULL,
    row_hash           bytea NOT NULL CHECK (octet_length(row_hash) = 32),
    PRIMARY KEY (entity_no, revision),
    FOREIGN KEY (entity_no, reverses_revision) REFERENCES event (entity_no, revision)
);
CREATE INDEX event_waiting ON event (recorded_at, entity_no, revision) WHERE feed_no IS NULL;
CREATE INDEX event_feed ON event (feed_no) WHERE feed_no IS NOT NULL;

CREATE TABLE feed (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    last_no   bigint NOT NULL
);
INSERT INTO feed (last_no) VALUES (0);

-- Who looked -------------------------------------------------------------------------------------

CREATE TABLE access (
    entity_no    bigint NOT NULL REFERENCES entity,
    access_no    bigint GENERATED ALWAYS AS IDENTITY,
    workload     text NOT NULL,
    staff_no     text NOT NULL,
    method       text NOT NULL,
    basis        text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    PRIMARY KEY (entity_no, access_no)
);
