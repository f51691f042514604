-- Mass acts on a list of codes: 吊销, listings of the regulator, and site codes of a changed key or host.

ALTER TABLE mass_run
    DROP CONSTRAINT mass_run_kind_check,
    ADD CONSTRAINT mass_run_kind_check
        CHECK (kind IN ('issue', 'reissue', 'reissue_sites', 'revoke', 'mark', 'unmark')),
    ADD COLUMN mark_kind text; -- MARK, UNMARK: which list of the regulator

-- The codes of such a run. What became of each is written in the transaction that did it.
CREATE TABLE mass_entity (
    run_no   bigint NOT NULL REFERENCES mass_run,
    ordinal  integer NOT NULL,
    code     text NOT NULL, -- as it was asked for; perhaps nobody's
    state    text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'refused')),
    reason   text NOT NULL DEFAULT '', -- of the refusal
    text     text NOT NULL DEFAULT '', -- in Chinese
    PRIMARY KEY (run_no, ordinal),
    UNIQUE (run_no, code),
    CHECK ((state = 'refused') = (reason <> ''))
);
CREATE INDEX mass_entity_waiting ON mass_entity (run_no, ordinal) WHERE state = 'waiting';
CREATE INDEX mass_entity_refused ON mass_entity (run_no, ordinal) WHERE state = 'refused';
