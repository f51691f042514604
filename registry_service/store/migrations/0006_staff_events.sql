-- Roles are given and ended, never deleted or rewritten; an event tells of each.

-- The same role may be ended and given again on one day.
ALTER TABLE staff_assignment DROP CONSTRAINT staff_assignment_pkey;
ALTER TABLE staff_assignment
    ADD COLUMN assignment_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ADD COLUMN ended_at timestamptz; -- ended before its last day came; until_date is that of ending
CREATE UNIQUE INDEX staff_assignment_once ON staff_assignment (staff_no, unit_id, role, from_date)
    WHERE ended_at IS NULL;

CREATE TABLE staff_event (
    event_no     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_no     text NOT NULL REFERENCES staff,
    kind         text NOT NULL CHECK (kind IN ('staff.added', 'staff.changed')),
    person_name  text NOT NULL, -- as it is since
    detail       jsonb NOT NULL, -- what was added and ended; no free text
    actor        text NOT NULL, -- staff number, or '' for the first start
    actor_name   text NOT NULL,
    workload     text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    row_hash     bytea NOT NULL CHECK (octet_length(row_hash) = 32)
);
CREATE INDEX staff_event_by_person ON staff_event (staff_no, event_no);
