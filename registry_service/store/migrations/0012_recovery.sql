-- After a restore from a backup no number that was given since may be given again, and no document
-- may read better than it was published (docs/recovery.md, ADR 0009).

-- One row a recovery: from where the numbers of its epoch go on.
CREATE TABLE recovery (
    epoch             integer PRIMARY KEY CHECK (epoch > 0),
    recovered_at      timestamptz NOT NULL,
    manifest_digest   bytea NOT NULL CHECK (octet_length(manifest_digest) = 32),
    published_seq     bigint NOT NULL, -- of the bundle that it was read from
    database_seq      bigint NOT NULL, -- of the database as it was restored; 0: it had published nothing
    number_floor      integer NOT NULL, -- numbers below an entity go on from here
    sequence_floor    bigint NOT NULL, -- so do receipts and all that a sequence gives
    first_list_no     integer NOT NULL, -- status entries go on with this list
    trust_floor       bigint NOT NULL, -- trust lists go on from this version
    feed_before       bigint NOT NULL, -- the numbers after this one …
    feed_after        bigint NOT NULL, -- … up to this one were given to events that are lost
    CHECK (feed_before <= feed_after)
);

-- Documents that were published and that no row tells of: issued after the backup.
CREATE TABLE lost_entry (
    list_no    integer NOT NULL,
    idx        integer NOT NULL,
    epoch      integer NOT NULL REFERENCES recovery,
    published  smallint NOT NULL,
    PRIMARY KEY (list_no, idx)
);

-- What was published of the document before a restore, where that was worse; NULL: nothing.
ALTER TABLE status_entry ADD COLUMN floor smallint CHECK (floor BETWEEN 0 AND 15);

-- Documents that the restored database knows in another state than they were published in: what
-- was done to them has to be entered again.
CREATE TABLE recovery_item (
    entity_no        bigint NOT NULL,
    item_no          integer NOT NULL,
    epoch            integer NOT NULL REFERENCES recovery,
    list_no          integer NOT NULL,
    idx              integer NOT NULL,
    published        smallint NOT NULL,
    restored         smallint NOT NULL, -- what the database said
    closed_at        timestamptz,
    closed_by        text REFERENCES staff, -- NULL with closed_at: the system
    closed_revision  bigint, -- of the event that brought it about
    reason           text NOT NULL DEFAULT '', -- given by whoever closed it without repeating the act
    PRIMARY KEY (entity_no, item_no),
    FOREIGN KEY (entity_no, list_no, idx) REFERENCES status_entry (entity_no, list_no, idx)
);
CREATE INDEX recovery_item_open ON recovery_item (entity_no, item_no) WHERE closed_at IS NULL;

-- Whether the registries that publish keep a file of what they published.
ALTER TABLE manifest ADD COLUMN marked boolean NOT NULL DEFAULT false;
