-- A hand-over whose place ended before anybody answered is closed.

ALTER TABLE handover
    DROP CONSTRAINT handover_state_check,
    ADD CONSTRAINT handover_state_check CHECK (state IN (
        'pending', 'acknowledged', 'declined', 'forwarded', 'disputed', 'reported', 'closed'));
