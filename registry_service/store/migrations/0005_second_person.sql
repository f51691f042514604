-- Both people of an act that needed two, and why one was turned down.

ALTER TABLE event
    ADD COLUMN second_actor text NOT NULL DEFAULT '', -- staff number; '' where one was enough
    ADD COLUMN second_actor_name text NOT NULL DEFAULT '';

ALTER TABLE pending_act ADD COLUMN reason text NOT NULL DEFAULT ''; -- refused or lapsed: why
