-- Made by `make schema` from the migrations; edit those.

CREATE TABLE public.page_scan (
    day date NOT NULL,
    scan_id uuid NOT NULL,
    unit integer NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT page_scan_count_check CHECK ((count > 0))
)
PARTITION BY RANGE (day);

CREATE TABLE public.receipt (
    day date NOT NULL,
    receipt_id uuid NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    partner text NOT NULL,
    purpose text NOT NULL,
    item text NOT NULL,
    operator text NOT NULL,
    case_number text NOT NULL,
    unit integer NOT NULL,
    uscc text NOT NULL,
    token_id bytea,
    outcome text NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    document bytea,
    CONSTRAINT receipt_token_id_check CHECK ((octet_length(token_id) = 32))
)
PARTITION BY RANGE (day);

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    oldest_program integer
);

CREATE TABLE public.usage_day (
    day date NOT NULL,
    partner text NOT NULL,
    purpose text NOT NULL,
    item text NOT NULL,
    operator text NOT NULL,
    unit integer NOT NULL,
    outcome text NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT usage_day_count_check CHECK ((count > 0))
)
PARTITION BY RANGE (day);

ALTER TABLE ONLY public.page_scan
    ADD CONSTRAINT page_scan_pkey PRIMARY KEY (day, scan_id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (day, receipt_id);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.usage_day
    ADD CONSTRAINT usage_day_pkey PRIMARY KEY (day, partner, purpose, item, operator, unit, outcome);

CREATE INDEX receipt_of_case ON ONLY public.receipt USING btree (partner, case_number, receipt_id) WHERE (case_number <> ''::text);

CREATE INDEX receipt_of_entity ON ONLY public.receipt USING btree (uscc, receipt_id) WHERE (uscc <> ''::text);

CREATE INDEX receipt_of_partner ON ONLY public.receipt USING btree (partner, receipt_id);

CREATE INDEX usage_day_of_partner ON ONLY public.usage_day USING btree (partner, day);
