-- The access record tells what was read, for which case and by which channel; auditors read it.

ALTER TABLE access
    -- It made every read lock, and so rewrite, the entity's row. Rows are added by the statement that
    -- finds the entity, and entities are never removed (ADR 0008).
    DROP CONSTRAINT access_entity_no_fkey,
    ADD COLUMN fields text[] NOT NULL DEFAULT '{}', -- what was shown
    ADD COLUMN case_number text NOT NULL DEFAULT '',
    ADD COLUMN about_staff_no text NOT NULL DEFAULT '', -- whose reads were read; then of no entity
    ADD COLUMN channel text NOT NULL GENERATED ALWAYS AS (
        CASE split_part(workload, '/', 4) -- spiffe://DOMAIN/KIND/ID
            WHEN 'staff' THEN 'counter'
            ELSE split_part(workload, '/', 4)
        END) STORED,
    ADD CONSTRAINT access_of_entity_or_person CHECK ((entity_no = 0) = (about_staff_no <> ''));
CREATE INDEX access_by_person ON access (staff_no, recorded_at, access_no) WHERE staff_no <> '';

-- Grows with every change of who may do what, whoever makes it: a process that knows a caller from
-- before proves by it, in the statement that reads, that nothing has changed.
CREATE TABLE standing_revision (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    number    bigint NOT NULL
);
INSERT INTO standing_revision (number) VALUES (1);
CREATE FUNCTION standing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE standing_revision SET number = number + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER standing_changed AFTER INSERT OR UPDATE OR DELETE ON staff
    FOR EACH STATEMENT EXECUTE FUNCTION standing_changed();
CREATE TRIGGER standing_changed AFTER INSERT OR UPDATE OR DELETE ON staff_assignment
    FOR EACH STATEMENT EXECUTE FUNCTION standing_changed();
CREATE TRIGGER standing_changed AFTER INSERT OR UPDATE OR DELETE ON workload_disabled
    FOR EACH STATEMENT EXECUTE FUNCTION standing_changed();

-- Which code each correction put in the place of which: `entity_code` holds one span a code, and a
-- code may come back.
CREATE TABLE code_correction (
    entity_no   bigint NOT NULL,
    revision    bigint NOT NULL, -- of the event that tells of it
    wrong_code  text NOT NULL,
    right_code  text NOT NULL,
    PRIMARY KEY (entity_no, revision),
    FOREIGN KEY (entity_no, revision) REFERENCES event (entity_no, revision)
);
