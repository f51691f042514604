-- Printed copies 正本、副本 of a licence version get tokens of their own, and with them entries of
-- their own. The release before reads and writes none of this; copies that it imported have no token.

ALTER TABLE unit ADD COLUMN uscc text; -- of the authority that registers there; given once

ALTER TABLE printed_copy
    ADD COLUMN printed_by      text, -- staff number; NULL where it was imported
    ADD COLUMN collected_by    text, -- name of the person who fetched it
    ADD COLUMN collected_date  date,
    ADD COLUMN ended_at        timestamptz, -- returned, or declared void
    ADD COLUMN ended_basis     text;

-- The signed half of a printed copy, stored before it is signed as licences and site codes are.
CREATE TABLE copy_token (
    entity_no       bigint NOT NULL,
    copy_no         integer NOT NULL,
    license_no      integer NOT NULL, -- version of the licence that it is a copy of
    entity_version  integer NOT NULL,
    duplicate_no    integer NOT NULL CHECK (duplicate_no >= 0), -- 0: 正本
    state           text NOT NULL CHECK (state IN ('intent', 'issued', 'superseded', 'voided',
                                                   'lost_void')),
    request_id      uuid,
    kid             bytea NOT NULL REFERENCES signing_key,
    to_be_signed    bytea NOT NULL, -- Sig_structure, RFC 9052 §4.4
    list_no         integer NOT NULL,
    idx             integer NOT NULL,
    scan_host       text NOT NULL,
    token           bytea,
    token_id        bytea NOT NULL CHECK (octet_length(token_id) = 32),
    created_at      timestamptz NOT NULL,
    issued_at       timestamptz,
    PRIMARY KEY (entity_no, copy_no),
    FOREIGN KEY (entity_no, copy_no) REFERENCES printed_copy (entity_no, copy_no),
    FOREIGN KEY (entity_no, license_no) REFERENCES license_version (entity_no, version),
    FOREIGN KEY (entity_no, entity_version) REFERENCES entity_version (entity_no, version),
    FOREIGN KEY (entity_no, list_no, idx) REFERENCES status_entry (entity_no, list_no, idx),
    CHECK ((token IS NULL) = (state IN ('intent', 'voided'))),
    CHECK ((token IS NULL) = (issued_at IS NULL))
);
CREATE UNIQUE INDEX copy_token_one_live ON copy_token (entity_no, duplicate_no)
    WHERE state IN ('intent', 'issued');
CREATE INDEX copy_token_intents ON copy_token (created_at) WHERE state = 'intent';
