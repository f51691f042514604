-- The whole list of an entity's filed places as a signed document (ADR 0013).

CREATE TABLE premises_statement (
    entity_no       bigint NOT NULL,
    version         integer NOT NULL,
    face_version    integer NOT NULL, -- of the licence that it belongs to
    state           text NOT NULL CHECK (state IN ('intent', 'issued', 'superseded', 'voided')),
    kid             bytea NOT NULL REFERENCES signing_key,
    to_be_signed    bytea NOT NULL,
    list_no         integer NOT NULL,
    idx             integer NOT NULL,
    document        bytea,
    created_at      timestamptz NOT NULL,
    issued_at       timestamptz,
    ended_revision  bigint, -- of the event after which it was not the list any more
    PRIMARY KEY (entity_no, version),
    FOREIGN KEY (entity_no, face_version) REFERENCES entity_version (entity_no, version),
    FOREIGN KEY (entity_no, list_no, idx) REFERENCES status_entry (entity_no, list_no, idx),
    CHECK ((document IS NULL) = (state IN ('intent', 'voided'))),
    CHECK ((document IS NULL) = (issued_at IS NULL)),
    CHECK (state <> 'superseded' OR ended_revision IS NOT NULL)
);
CREATE UNIQUE INDEX premises_statement_one_live ON premises_statement (entity_no)
    WHERE state IN ('intent', 'issued');
CREATE INDEX premises_statement_intents ON premises_statement (created_at) WHERE state = 'intent';
