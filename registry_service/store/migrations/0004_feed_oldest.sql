-- How far back the feed goes: an operator may move it; readers with an older cursor are refused.

ALTER TABLE feed
    ADD COLUMN oldest_no bigint NOT NULL DEFAULT 1,
    ADD CONSTRAINT feed_oldest_no_check CHECK (oldest_no BETWEEN 1 AND last_no + 1);
