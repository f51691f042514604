-- Usage and receipts, both partitioned by month of the Beijing day. Partitions are made by the
-- program, ahead of time; those beyond the retention are dropped by `verify-service retain`.

CREATE TABLE receipt (
    day          date NOT NULL, -- of checked_at in Beijing; the id tells it too
    receipt_id   uuid NOT NULL, -- UUIDv7
    checked_at   timestamptz NOT NULL,
    partner      text NOT NULL, -- as partner/icbank or staff/0101
    purpose      text NOT NULL,
    item         text NOT NULL, -- '': none was given; so with the next two
    operator     text NOT NULL, -- the partner's own reference
    case_number  text NOT NULL,
    unit         integer NOT NULL, -- that registered the business; 0: not known
    uscc         text NOT NULL, -- '': none was established
    token_id     bytea CHECK (octet_length(token_id) = 32),
    outcome      text NOT NULL,
    status       text NOT NULL,
    reason       text NOT NULL,
    document     bytea, -- signed; null: the node had no key for it
    PRIMARY KEY (day, receipt_id)
) PARTITION BY RANGE (day);
CREATE INDEX receipt_of_partner ON receipt (partner, receipt_id);
CREATE INDEX receipt_of_case ON receipt (partner, case_number, receipt_id) WHERE case_number <> '';
CREATE INDEX receipt_of_entity ON receipt (uscc, receipt_id) WHERE uscc <> '';

-- Scans of the public page, some at a time; nothing of who looked.
CREATE TABLE page_scan (
    day      date NOT NULL,
    scan_id  uuid NOT NULL,
    unit     integer NOT NULL,
    count    bigint NOT NULL CHECK (count > 0),
    PRIMARY KEY (day, scan_id)
) PARTITION BY RANGE (day);

-- The sum of both by day, kept when their rows are gone. Scans of the page are of partner 'page'.
CREATE TABLE usage_day (
    day       date NOT NULL,
    partner   text NOT NULL,
    purpose   text NOT NULL,
    item      text NOT NULL,
    operator  text NOT NULL,
    unit      integer NOT NULL,
    outcome   text NOT NULL,
    count     bigint NOT NULL CHECK (count > 0),
    PRIMARY KEY (day, partner, purpose, item, operator, unit, outcome)
) PARTITION BY RANGE (day);
CREATE INDEX usage_day_of_partner ON usage_day (partner, day);
