-- What a counter and a supervisor do all day: reviews by policy, deadlines, notices, holds, marks,
-- second persons, inspections and flags.

-- Reference tables -------------------------------------------------------------------------------

CREATE TABLE review_policy (
    policy_no       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id         integer NOT NULL REFERENCES unit,
    effective_date  date NOT NULL,
    content         jsonb NOT NULL,
    entered_by      text NOT NULL REFERENCES staff,
    entered_at      timestamptz NOT NULL,
    confirmed_by    text REFERENCES staff,
    confirmed_at    timestamptz,
    CHECK (confirmed_by <> entered_by)
);
CREATE INDEX review_policy_in_force ON review_policy (unit_id, effective_date);

CREATE TABLE person_bar (
    bar_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person      text NOT NULL,
    person_key  text NOT NULL, -- normalised: however the name is spelt
    basis       text NOT NULL,
    from_date   date NOT NULL,
    until_date  date NOT NULL CHECK (until_date >= from_date),
    staff_no    text NOT NULL REFERENCES staff,
    created_at  timestamptz NOT NULL
);
CREATE INDEX person_bar_by_person ON person_bar (person_key);

-- Entities ---------------------------------------------------------------------------------------

CREATE TABLE dormancy (
    entity_no    bigint NOT NULL REFERENCES entity,
    dormancy_no  integer NOT NULL,
    from_date    date NOT NULL,
    until_date   date NOT NULL CHECK (until_date >= from_date),
    ended_date   date, -- resumed early
    PRIMARY KEY (entity_no, dormancy_no)
);

CREATE TABLE restriction (
    entity_no       bigint NOT NULL REFERENCES entity,
    restriction_no  integer NOT NULL,
    authority       text NOT NULL,
    basis           text NOT NULL,
    held_acts       text[] NOT NULL CHECK (held_acts <@ ARRAY['all', 'change', 'filing',
                                                              'deregistration']
                                           AND cardinality(held_acts) > 0),
    from_date       date NOT NULL,
    until_date      date,
    lifted_at       timestamptz,
    lift_basis      text NOT NULL DEFAULT '',
    PRIMARY KEY (entity_no, restriction_no)
);

CREATE TABLE mark (
    entity_no   bigint NOT NULL REFERENCES entity,
    mark_no     integer NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('abnormal_unreachable', 'abnormal_other',
                                              'serious_violation', 'special')),
    basis       text NOT NULL,
    from_date   date NOT NULL,
    until_date  date,
    PRIMARY KEY (entity_no, mark_no)
);

-- An act asked for by one person that another confirms. `command` is what will be done.
CREATE TABLE pending_act (
    entity_no        bigint NOT NULL REFERENCES entity,
    act_no           integer NOT NULL,
    act              text NOT NULL,
    command          jsonb NOT NULL,
    summary          text NOT NULL,
    business_name    text NOT NULL,
    home_unit_id     integer REFERENCES unit,
    entity_revision  bigint NOT NULL, -- of the event that asked for it
    state            text NOT NULL CHECK (state IN ('waiting', 'done', 'refused', 'lapsed')),
    asked_by         text NOT NULL REFERENCES staff,
    asked_at         timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    answered_by      text REFERENCES staff,
    answered_at      timestamptz,
    PRIMARY KEY (entity_no, act_no),
    CHECK (answered_by <> asked_by)
);
CREATE INDEX pending_act_waiting ON pending_act (home_unit_id, asked_at) WHERE state = 'waiting';

-- Applications -----------------------------------------------------------------------------------

ALTER TABLE application
    ADD COLUMN state text NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'returned', 'manual', 'closed')),
    ADD COLUMN due_from date, -- working days count from here; NULL: decided at once
    ADD COLUMN due_date date,
    ADD COLUMN due_provisional boolean NOT NULL DEFAULT false,
    ADD COLUMN assignee text REFERENCES staff,
    ADD COLUMN extended_by text REFERENCES staff;
CREATE INDEX application_queue ON application (unit_id, state, due_date, created_at);

CREATE TABLE notice (
    entity_no       bigint NOT NULL,
    application_no  integer NOT NULL,
    notice_no       integer NOT NULL,
    told_by         text NOT NULL REFERENCES staff,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (entity_no, application_no, notice_no),
    FOREIGN KEY (entity_no, application_no) REFERENCES application (entity_no, application_no)
);

CREATE TABLE defect (
    entity_no       bigint NOT NULL,
    application_no  integer NOT NULL,
    notice_no       integer NOT NULL,
    defect_no       integer NOT NULL,
    filing_no       integer,
    rule            integer NOT NULL, -- 0: found by an official
    reason          text NOT NULL,
    remedy          text NOT NULL,
    PRIMARY KEY (entity_no, application_no, notice_no, defect_no),
    FOREIGN KEY (entity_no, application_no, notice_no)
        REFERENCES notice (entity_no, application_no, notice_no),
    FOREIGN KEY (entity_no, filing_no) REFERENCES filing (entity_no, filing_no)
);

-- Premises ---------------------------------------------------------------------------------------

ALTER TABLE filing
    ADD COLUMN act text NOT NULL DEFAULT 'add' CHECK (act IN ('add', 'change', 'remove')),
    ADD COLUMN target_premises_no integer,
    ADD COLUMN premises_version integer, -- of the data that it brought
    ADD COLUMN building text NOT NULL DEFAULT '',
    ADD COLUMN home_unit_id integer REFERENCES unit,
    ADD COLUMN assignee text REFERENCES staff,
    ADD COLUMN due_from date,
    ADD COLUMN due_date date,
    ADD COLUMN due_provisional boolean NOT NULL DEFAULT false,
    ADD COLUMN decision text NOT NULL DEFAULT '',
    ADD FOREIGN KEY (entity_no, target_premises_no) REFERENCES premises (entity_no, premises_no);
CREATE INDEX filing_queue ON filing (home_unit_id, state, due_date, created_at);

ALTER TABLE premises_version ADD COLUMN building text NOT NULL DEFAULT '';
CREATE INDEX premises_version_by_place ON premises_version (address_normalised);
CREATE INDEX entity_version_by_place ON entity_version (address_normalised);

ALTER TABLE premises ADD COLUMN ended_date date; -- removed, struck or ended
CREATE INDEX premises_struck ON premises (ended_date) WHERE state = 'struck';

ALTER TABLE handover
    ADD COLUMN due_date date,
    ADD COLUMN due_provisional boolean NOT NULL DEFAULT false,
    ADD COLUMN reason text NOT NULL DEFAULT '',
    ADD COLUMN earlier_unit_ids integer[] NOT NULL DEFAULT '{}';

CREATE TABLE inspection (
    entity_no        bigint NOT NULL,
    handover_no      integer NOT NULL,
    inspection_no    integer NOT NULL,
    result           text NOT NULL CHECK (result IN ('as_filed', 'differs', 'not_found')),
    inspection_date  date NOT NULL,
    inspectors       text[] NOT NULL CHECK (cardinality(inspectors) = 2),
    report           text NOT NULL,
    staff_no         text NOT NULL REFERENCES staff,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (entity_no, handover_no, inspection_no),
    FOREIGN KEY (entity_no, handover_no) REFERENCES handover (entity_no, handover_no)
);

CREATE TABLE flag (
    entity_no        bigint NOT NULL,
    premises_no      integer NOT NULL,
    flag_no          integer NOT NULL,
    finding          text NOT NULL,
    flagged_by       text NOT NULL REFERENCES staff,
    created_at       timestamptz NOT NULL,
    due_date         date NOT NULL,
    due_provisional  boolean NOT NULL,
    answer           text NOT NULL DEFAULT '',
    answered_by      text REFERENCES staff,
    answered_at      timestamptz,
    PRIMARY KEY (entity_no, premises_no, flag_no),
    FOREIGN KEY (entity_no, premises_no) REFERENCES premises (entity_no, premises_no)
);

-- What was there before -----------------------------------------------------------------------

UPDATE filing f
   SET home_unit_id = e.registrar_unit_id,
       premises_version = CASE f.state WHEN 'filed' THEN 1 END
  FROM entity e
 WHERE e.entity_no = f.entity_no;

UPDATE application a
   SET state = CASE
           WHEN f.states && ARRAY['submitted', 'manual'] THEN 'manual'
           WHEN 'draft' = ANY (f.states) THEN 'open'
           WHEN 'returned' = ANY (f.states) THEN 'returned'
           ELSE 'closed' END
  FROM application b
  LEFT JOIN LATERAL (SELECT array_agg(state) AS states FROM filing
                      WHERE entity_no = b.entity_no AND application_no = b.application_no) f
         ON true
 WHERE b.entity_no = a.entity_no AND b.application_no = a.application_no;
