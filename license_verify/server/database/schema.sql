-- Made by `make schema` from the migrations; edit those.

CREATE TABLE public.directory_revision (
    one boolean DEFAULT true NOT NULL,
    number bigint NOT NULL,
    stamp uuid DEFAULT gen_random_uuid() NOT NULL,
    CONSTRAINT directory_revision_one_check CHECK (one)
);

CREATE TABLE public.feed_position (
    one boolean DEFAULT true NOT NULL,
    feed_number bigint NOT NULL,
    CONSTRAINT feed_position_one_check CHECK (one)
);

CREATE TABLE public.page_scan (
    day date NOT NULL,
    scan_id uuid NOT NULL,
    unit integer NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT page_scan_count_check CHECK ((count > 0))
)
PARTITION BY RANGE (day);

CREATE TABLE public.partner (
    id text NOT NULL,
    title text NOT NULL,
    state text NOT NULL,
    calls_per_second integer NOT NULL,
    burst integer NOT NULL,
    calls_at_once integer NOT NULL,
    checks_per_day bigint NOT NULL,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT partner_burst_check CHECK ((burst > 0)),
    CONSTRAINT partner_calls_at_once_check CHECK ((calls_at_once > 0)),
    CONSTRAINT partner_calls_per_second_check CHECK ((calls_per_second > 0)),
    CONSTRAINT partner_checks_per_day_check CHECK ((checks_per_day > 0)),
    CONSTRAINT partner_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT partner_state_check CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text, 'ended'::text])))
);

CREATE TABLE public.partner_act (
    partner_id text NOT NULL,
    number bigint NOT NULL,
    act text NOT NULL,
    title text NOT NULL,
    wish jsonb NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    answered_by text,
    answered_at timestamp with time zone,
    answer text,
    CONSTRAINT partner_act_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'refused'::text, 'lapsed'::text])))
);

CREATE TABLE public.partner_certificate (
    partner_id text NOT NULL,
    fingerprint bytea NOT NULL,
    serial_number text,
    expires_at timestamp with time zone,
    first_seen_at timestamp with time zone,
    last_seen_at timestamp with time zone,
    disabled_at timestamp with time zone,
    disabled_by text,
    disabled_because text,
    CONSTRAINT partner_certificate_fingerprint_check CHECK ((length(fingerprint) = 32))
);

CREATE TABLE public.partner_day (
    partner_id text NOT NULL,
    day date NOT NULL,
    checks bigint NOT NULL
);

CREATE TABLE public.partner_event (
    partner_id text NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    reason text NOT NULL,
    by_staff text NOT NULL,
    by_name text NOT NULL,
    workload text NOT NULL,
    happened_at timestamp with time zone NOT NULL
);

CREATE TABLE public.partner_grant (
    partner_id text NOT NULL,
    purpose text NOT NULL,
    items text[] NOT NULL,
    claims text[] NOT NULL,
    from_date date NOT NULL,
    until_date date,
    revoked_at timestamp with time zone,
    revision bigint NOT NULL,
    CONSTRAINT partner_grant_check CHECK ((until_date >= from_date))
);

CREATE TABLE public.partner_request (
    workload text NOT NULL,
    request_id uuid NOT NULL,
    method text NOT NULL,
    digest bytea NOT NULL,
    answer bytea NOT NULL,
    answered_at timestamp with time zone NOT NULL
);

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

CREATE TABLE public.usage_kept_from (
    one boolean DEFAULT true NOT NULL,
    day date NOT NULL,
    CONSTRAINT usage_kept_from_one_check CHECK (one)
);

CREATE TABLE public.watched_change (
    partner_id text NOT NULL,
    feed_number bigint NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    items text[] NOT NULL,
    place integer,
    effective_date date,
    happened_at timestamp with time zone NOT NULL,
    items_known boolean DEFAULT true NOT NULL,
    current_code text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.watched_code (
    partner_id text NOT NULL,
    code text NOT NULL,
    since_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.directory_revision
    ADD CONSTRAINT directory_revision_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.feed_position
    ADD CONSTRAINT feed_position_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.page_scan
    ADD CONSTRAINT page_scan_pkey PRIMARY KEY (day, scan_id);

ALTER TABLE ONLY public.partner_act
    ADD CONSTRAINT partner_act_pkey PRIMARY KEY (partner_id, number);

ALTER TABLE ONLY public.partner_certificate
    ADD CONSTRAINT partner_certificate_pkey PRIMARY KEY (partner_id, fingerprint);

ALTER TABLE ONLY public.partner_day
    ADD CONSTRAINT partner_day_pkey PRIMARY KEY (partner_id, day);

ALTER TABLE ONLY public.partner_event
    ADD CONSTRAINT partner_event_pkey PRIMARY KEY (partner_id, number);

ALTER TABLE ONLY public.partner_grant
    ADD CONSTRAINT partner_grant_pkey PRIMARY KEY (partner_id, purpose);

ALTER TABLE ONLY public.partner
    ADD CONSTRAINT partner_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.partner_request
    ADD CONSTRAINT partner_request_pkey PRIMARY KEY (workload, request_id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (day, receipt_id);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.usage_day
    ADD CONSTRAINT usage_day_pkey PRIMARY KEY (day, partner, purpose, item, operator, unit, outcome);

ALTER TABLE ONLY public.usage_kept_from
    ADD CONSTRAINT usage_kept_from_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.watched_change
    ADD CONSTRAINT watched_change_pkey PRIMARY KEY (partner_id, feed_number);

ALTER TABLE ONLY public.watched_code
    ADD CONSTRAINT watched_code_pkey PRIMARY KEY (partner_id, code);

CREATE INDEX partner_act_waiting ON public.partner_act USING btree (asked_at) WHERE (state = 'waiting'::text);

CREATE INDEX partner_certificate_disabled ON public.partner_certificate USING btree (fingerprint) WHERE (disabled_at IS NOT NULL);

CREATE INDEX receipt_of_case ON ONLY public.receipt USING btree (partner, case_number, receipt_id) WHERE (case_number <> ''::text);

CREATE INDEX receipt_of_entity ON ONLY public.receipt USING btree (uscc, receipt_id) WHERE (uscc <> ''::text);

CREATE INDEX receipt_of_partner ON ONLY public.receipt USING btree (partner, receipt_id);

CREATE INDEX usage_day_of_partner ON ONLY public.usage_day USING btree (partner, day);

CREATE INDEX watched_code_by_code ON public.watched_code USING btree (code);

ALTER TABLE ONLY public.partner_certificate
    ADD CONSTRAINT partner_certificate_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES public.partner(id);

ALTER TABLE ONLY public.partner_grant
    ADD CONSTRAINT partner_grant_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES public.partner(id);

ALTER TABLE ONLY public.watched_change
    ADD CONSTRAINT watched_change_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES public.partner(id);

ALTER TABLE ONLY public.watched_code
    ADD CONSTRAINT watched_code_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES public.partner(id);
