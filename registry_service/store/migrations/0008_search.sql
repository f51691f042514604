-- What finds an entity. The rows of entities from before are made by the registry, which runs
-- meanwhile (operations/search_catch_up.py).

CREATE TABLE entity_search (
    entity_no bigint PRIMARY KEY REFERENCES entity,
    version integer NOT NULL, -- of the face it was made from
    sort_key text COLLATE "C" NOT NULL, -- slice and credit code; domain/search.py
    name_key text COLLATE "C" NOT NULL,
    person_key text COLLATE "C" NOT NULL,
    address_key text COLLATE "C" NOT NULL,
    former_name_keys text[] COLLATE "C" NOT NULL,
    terms text[] COLLATE "C" NOT NULL
);

-- What acts write waits in a list that every search reads; so it stays short.
CREATE INDEX entity_search_terms ON entity_search USING gin (terms)
    WITH (gin_pending_list_limit = 256);
