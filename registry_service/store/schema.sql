-- Made by `make schema` from the migrations; edit those.

CREATE FUNCTION public.standing_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE standing_revision SET number = number + 1;
    RETURN NULL;
END $$;

CREATE TABLE public.access (
    entity_no bigint NOT NULL,
    access_no bigint NOT NULL,
    workload text NOT NULL,
    staff_no text NOT NULL,
    method text NOT NULL,
    basis text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    fields text[] DEFAULT '{}'::text[] NOT NULL,
    case_number text DEFAULT ''::text NOT NULL,
    about_staff_no text DEFAULT ''::text NOT NULL,
    channel text GENERATED ALWAYS AS (
CASE split_part(workload, '/'::text, 4)
    WHEN 'staff'::text THEN 'counter'::text
    ELSE split_part(workload, '/'::text, 4)
END) STORED NOT NULL,
    CONSTRAINT access_of_entity_or_person CHECK (((entity_no = 0) = (about_staff_no <> ''::text)))
);

ALTER TABLE public.access ALTER COLUMN access_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.access_access_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.application (
    entity_no bigint NOT NULL,
    application_no integer NOT NULL,
    receipt_number text NOT NULL,
    applicant text NOT NULL,
    agent text NOT NULL,
    identity_check text NOT NULL,
    channel text NOT NULL,
    unit_id integer NOT NULL,
    staff_no text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    due_from date,
    due_date date,
    due_provisional boolean DEFAULT false NOT NULL,
    assignee text,
    extended_by text,
    CONSTRAINT application_state_check CHECK ((state = ANY (ARRAY['open'::text, 'returned'::text, 'manual'::text, 'closed'::text])))
);

CREATE TABLE public.code_correction (
    entity_no bigint NOT NULL,
    revision bigint NOT NULL,
    wrong_code text NOT NULL,
    right_code text NOT NULL
);

CREATE TABLE public.code_directory (
    code text NOT NULL,
    entity_no bigint NOT NULL
);

CREATE TABLE public.copy_token (
    entity_no bigint NOT NULL,
    copy_no integer NOT NULL,
    license_no integer NOT NULL,
    entity_version integer NOT NULL,
    duplicate_no integer NOT NULL,
    state text NOT NULL,
    request_id uuid,
    kid bytea NOT NULL,
    to_be_signed bytea NOT NULL,
    list_no integer NOT NULL,
    idx integer NOT NULL,
    scan_host text NOT NULL,
    token bytea,
    token_id bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    issued_at timestamp with time zone,
    CONSTRAINT copy_token_check CHECK (((token IS NULL) = (state = ANY (ARRAY['intent'::text, 'voided'::text])))),
    CONSTRAINT copy_token_check1 CHECK (((token IS NULL) = (issued_at IS NULL))),
    CONSTRAINT copy_token_duplicate_no_check CHECK ((duplicate_no >= 0)),
    CONSTRAINT copy_token_state_check CHECK ((state = ANY (ARRAY['intent'::text, 'issued'::text, 'superseded'::text, 'voided'::text, 'lost_void'::text]))),
    CONSTRAINT copy_token_token_id_check CHECK ((octet_length(token_id) = 32))
);

CREATE TABLE public.defect (
    entity_no bigint NOT NULL,
    application_no integer NOT NULL,
    notice_no integer NOT NULL,
    defect_no integer NOT NULL,
    filing_no integer,
    rule integer NOT NULL,
    reason text NOT NULL,
    remedy text NOT NULL
);

CREATE TABLE public.document (
    entity_no bigint NOT NULL,
    filing_no integer NOT NULL,
    revision bigint NOT NULL,
    document_no integer NOT NULL,
    kind text NOT NULL,
    sha256 bytea NOT NULL,
    signer text NOT NULL,
    valid_from_date date,
    valid_until_date date,
    CONSTRAINT document_sha256_check CHECK ((octet_length(sha256) = 32))
);

CREATE TABLE public.dormancy (
    entity_no bigint NOT NULL,
    dormancy_no integer NOT NULL,
    from_date date NOT NULL,
    until_date date NOT NULL,
    ended_date date,
    CONSTRAINT dormancy_check CHECK ((until_date >= from_date))
);

CREATE TABLE public.entity (
    entity_no bigint NOT NULL,
    uscc text NOT NULL,
    state text NOT NULL,
    registrar_unit_id integer,
    version integer NOT NULL,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT entity_state_check CHECK ((state = ANY (ARRAY['active'::text, 'dormant'::text, 'liquidating'::text, 'revoked'::text, 'deregistered'::text, 'annulled'::text])))
);

CREATE TABLE public.entity_code (
    entity_no bigint NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    from_date date,
    until_date date,
    CONSTRAINT entity_code_kind_check CHECK ((kind = ANY (ARRAY['uscc'::text, 'registration_number'::text])))
);

CREATE SEQUENCE public.entity_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.entity_search (
    entity_no bigint NOT NULL,
    version integer NOT NULL,
    sort_key text NOT NULL COLLATE pg_catalog."C",
    name_key text NOT NULL COLLATE pg_catalog."C",
    person_key text NOT NULL COLLATE pg_catalog."C",
    address_key text NOT NULL COLLATE pg_catalog."C",
    former_name_keys text[] NOT NULL COLLATE pg_catalog."C",
    terms text[] NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.entity_version (
    entity_no bigint NOT NULL,
    version integer NOT NULL,
    business_name text NOT NULL,
    type_code integer NOT NULL,
    person text NOT NULL,
    address text NOT NULL,
    address_normalised text NOT NULL,
    county_unit_id integer,
    address_unit_id integer,
    standard_code text NOT NULL,
    latitude double precision,
    longitude double precision,
    capital text NOT NULL,
    capital_fen bigint,
    capital_currency text,
    establish_date date,
    scope text NOT NULL,
    term_start_date date,
    term_end_date date,
    organization_form text NOT NULL,
    registrar_unit_id integer,
    effective_date date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    source_id text NOT NULL,
    run_no bigint,
    corrects_version integer,
    CONSTRAINT entity_version_version_check CHECK ((version > 0))
);

CREATE TABLE public.event (
    entity_no bigint NOT NULL,
    revision bigint NOT NULL,
    feed_no bigint,
    kind text NOT NULL,
    subject text NOT NULL,
    state_after text NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    actor_unit_id integer,
    workload text NOT NULL,
    basis text NOT NULL,
    reverses_revision bigint,
    effective_date date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    row_hash bytea NOT NULL,
    second_actor text DEFAULT ''::text NOT NULL,
    second_actor_name text DEFAULT ''::text NOT NULL,
    CONSTRAINT event_revision_check CHECK ((revision > 0)),
    CONSTRAINT event_row_hash_check CHECK ((octet_length(row_hash) = 32))
);

CREATE TABLE public.feed (
    only_row boolean DEFAULT true NOT NULL,
    last_no bigint NOT NULL,
    oldest_no bigint DEFAULT 1 NOT NULL,
    CONSTRAINT feed_oldest_no_check CHECK (((oldest_no >= 1) AND (oldest_no <= (last_no + 1)))),
    CONSTRAINT feed_only_row_check CHECK (only_row)
);

CREATE TABLE public.filing (
    entity_no bigint NOT NULL,
    filing_no integer NOT NULL,
    application_no integer NOT NULL,
    state text NOT NULL,
    title text NOT NULL,
    address text NOT NULL,
    address_normalised text NOT NULL,
    county_unit_id integer,
    address_unit_id integer,
    standard_code text NOT NULL,
    latitude double precision,
    longitude double precision,
    scope text NOT NULL,
    use text NOT NULL,
    tenancy_end_date date,
    policy_version text NOT NULL,
    premises_no integer,
    handover_no integer,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    reviewed_revision bigint,
    documents_revision bigint DEFAULT 1 NOT NULL,
    act text DEFAULT 'add'::text NOT NULL,
    target_premises_no integer,
    premises_version integer,
    building text DEFAULT ''::text NOT NULL,
    home_unit_id integer,
    assignee text,
    due_from date,
    due_date date,
    due_provisional boolean DEFAULT false NOT NULL,
    decision text DEFAULT ''::text NOT NULL,
    CONSTRAINT filing_act_check CHECK ((act = ANY (ARRAY['add'::text, 'change'::text, 'remove'::text]))),
    CONSTRAINT filing_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'rejected'::text, 'manual'::text, 'filed'::text, 'withdrawn'::text])))
);

CREATE TABLE public.finding (
    entity_no bigint NOT NULL,
    filing_no integer NOT NULL,
    revision bigint NOT NULL,
    rule integer NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    remedy text NOT NULL,
    CONSTRAINT finding_outcome_check CHECK ((outcome = ANY (ARRAY['warn'::text, 'return'::text, 'manual'::text, 'block'::text])))
);

CREATE TABLE public.flag (
    entity_no bigint NOT NULL,
    premises_no integer NOT NULL,
    flag_no integer NOT NULL,
    finding text NOT NULL,
    flagged_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_date date NOT NULL,
    due_provisional boolean NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    answered_by text,
    answered_at timestamp with time zone
);

CREATE TABLE public.handover (
    entity_no bigint NOT NULL,
    handover_no integer NOT NULL,
    filing_no integer NOT NULL,
    premises_no integer NOT NULL,
    from_unit_id integer NOT NULL,
    to_unit_id integer NOT NULL,
    state text NOT NULL,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    acknowledged_by text,
    acknowledged_at timestamp with time zone,
    due_date date,
    due_provisional boolean DEFAULT false NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    earlier_unit_ids integer[] DEFAULT '{}'::integer[] NOT NULL,
    CONSTRAINT handover_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'acknowledged'::text, 'declined'::text, 'forwarded'::text, 'disputed'::text, 'reported'::text, 'closed'::text])))
);

CREATE TABLE public.import_copy (
    run_no bigint NOT NULL,
    unit_id integer NOT NULL,
    ordinal bigint NOT NULL,
    line bigint NOT NULL,
    entity_no bigint NOT NULL,
    uscc text NOT NULL,
    kind text NOT NULL,
    duplicate_no integer NOT NULL,
    license_number text NOT NULL,
    document_id text NOT NULL,
    printed_date date,
    state text NOT NULL,
    source_id text NOT NULL,
    mends_run_no bigint,
    mends_line bigint
);

CREATE TABLE public.import_entity (
    run_no bigint NOT NULL,
    unit_id integer NOT NULL,
    ordinal bigint NOT NULL,
    line bigint NOT NULL,
    uscc text NOT NULL,
    former_code text NOT NULL,
    state text NOT NULL,
    state_told boolean NOT NULL,
    registrar_told boolean NOT NULL,
    business_name text NOT NULL,
    type_code integer NOT NULL,
    person text NOT NULL,
    address text NOT NULL,
    address_normalised text NOT NULL,
    county_unit_id integer,
    address_unit_id integer,
    capital text NOT NULL,
    capital_fen bigint,
    capital_currency text,
    establish_date date,
    scope text NOT NULL,
    term_start_date date,
    term_end_date date,
    organization_form text NOT NULL,
    effective_date date NOT NULL,
    source_id text NOT NULL,
    sort_key text NOT NULL,
    name_key text NOT NULL,
    person_key text NOT NULL,
    terms text[] NOT NULL,
    mends_run_no bigint,
    mends_line bigint,
    known_entity_no bigint,
    digest bytea,
    gone boolean DEFAULT false NOT NULL
);

CREATE TABLE public.import_premises (
    run_no bigint NOT NULL,
    unit_id integer NOT NULL,
    ordinal bigint NOT NULL,
    line bigint NOT NULL,
    entity_no bigint NOT NULL,
    uscc text NOT NULL,
    title text NOT NULL,
    address text NOT NULL,
    address_normalised text NOT NULL,
    county_unit_id integer,
    address_unit_id integer NOT NULL,
    standard_code text NOT NULL,
    scope text NOT NULL,
    use text NOT NULL,
    building text NOT NULL,
    tenancy_end_date date,
    filing_date date NOT NULL,
    source_id text NOT NULL,
    mends_run_no bigint,
    mends_line bigint
);

CREATE TABLE public.import_reject (
    run_no bigint NOT NULL,
    line bigint NOT NULL,
    field text NOT NULL,
    reason text NOT NULL,
    kind text DEFAULT 'reject'::text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    unit_id integer DEFAULT 0 NOT NULL,
    fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    decision text DEFAULT ''::text NOT NULL,
    CONSTRAINT import_reject_kind_check CHECK ((kind = ANY (ARRAY['reject'::text, 'quarantine'::text, 'warning'::text]))),
    CONSTRAINT import_reject_state_check CHECK ((state = ANY (ARRAY['open'::text, 'mended'::text, 'dismissed'::text])))
);

CREATE TABLE public.import_run (
    run_no bigint NOT NULL,
    source text NOT NULL,
    file_name text NOT NULL,
    staff_no text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    imported bigint DEFAULT 0 NOT NULL,
    unchanged bigint DEFAULT 0 NOT NULL,
    rejected bigint DEFAULT 0 NOT NULL,
    kind text DEFAULT 'entities'::text NOT NULL,
    state text DEFAULT 'done'::text NOT NULL,
    dry_run boolean DEFAULT false NOT NULL,
    file_sha256 bytea DEFAULT '\x'::bytea NOT NULL,
    row_count bigint DEFAULT 0 NOT NULL,
    loaded_count bigint DEFAULT 0 NOT NULL,
    staff_name text DEFAULT ''::text NOT NULL,
    actor_unit_id integer,
    workload text DEFAULT ''::text NOT NULL,
    first_entity_no bigint,
    source_date date,
    complete boolean DEFAULT false NOT NULL,
    CONSTRAINT import_run_kind_check CHECK ((kind = ANY (ARRAY['entities'::text, 'premises'::text, 'copies'::text, 'sync'::text]))),
    CONSTRAINT import_run_state_check CHECK ((state = ANY (ARRAY['loading'::text, 'checked'::text, 'done'::text, 'undone'::text, 'tried'::text])))
);

ALTER TABLE public.import_run ALTER COLUMN run_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.import_run_run_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.import_unit (
    run_no bigint NOT NULL,
    unit_id integer NOT NULL,
    new_count bigint DEFAULT 0 NOT NULL,
    unchanged_count bigint DEFAULT 0 NOT NULL,
    rejected_count bigint DEFAULT 0 NOT NULL,
    quarantined_count bigint DEFAULT 0 NOT NULL,
    warned_count bigint DEFAULT 0 NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    signed_by text,
    signed_name text DEFAULT ''::text NOT NULL,
    signed_at timestamp with time zone,
    applied_to bigint DEFAULT 0 NOT NULL,
    applied_count bigint DEFAULT 0 NOT NULL,
    changed_count bigint DEFAULT 0 NOT NULL,
    late_count bigint DEFAULT 0 NOT NULL,
    decide_count bigint DEFAULT 0 NOT NULL,
    missing_count bigint DEFAULT 0 NOT NULL,
    CONSTRAINT import_unit_state_check CHECK ((state = ANY (ARRAY['open'::text, 'signed'::text, 'done'::text, 'undone'::text])))
);

CREATE TABLE public.inspection (
    entity_no bigint NOT NULL,
    handover_no integer NOT NULL,
    inspection_no integer NOT NULL,
    result text NOT NULL,
    inspection_date date NOT NULL,
    inspectors text[] NOT NULL,
    report text NOT NULL,
    staff_no text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT inspection_inspectors_check CHECK ((cardinality(inspectors) = 2)),
    CONSTRAINT inspection_result_check CHECK ((result = ANY (ARRAY['as_filed'::text, 'differs'::text, 'not_found'::text])))
);

CREATE TABLE public.key_act (
    act_no bigint NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    early boolean NOT NULL,
    affected bigint NOT NULL,
    state text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    answered_by text,
    answered_at timestamp with time zone,
    answer text DEFAULT ''::text NOT NULL,
    kid bytea,
    CONSTRAINT key_act_check CHECK (((state = 'waiting'::text) = (answered_at IS NULL))),
    CONSTRAINT key_act_kid_check CHECK ((octet_length(kid) = 8)),
    CONSTRAINT key_act_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'refused'::text, 'lapsed'::text])))
);

ALTER TABLE public.key_act ALTER COLUMN act_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.key_act_act_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.key_event (
    event_no bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    detail jsonb NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    workload text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    row_hash bytea NOT NULL,
    CONSTRAINT key_event_row_hash_check CHECK ((octet_length(row_hash) = 32))
);

ALTER TABLE public.key_event ALTER COLUMN event_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.key_event_event_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.license_version (
    entity_no bigint NOT NULL,
    version integer NOT NULL,
    entity_version integer NOT NULL,
    state text NOT NULL,
    request_id uuid,
    kid bytea NOT NULL,
    to_be_signed bytea NOT NULL,
    list_no integer NOT NULL,
    idx integer NOT NULL,
    scan_host text NOT NULL,
    token bytea,
    token_id bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    issued_at timestamp with time zone,
    CONSTRAINT license_version_check CHECK (((token IS NULL) = (state = ANY (ARRAY['intent'::text, 'voided'::text])))),
    CONSTRAINT license_version_check1 CHECK (((token IS NULL) = (issued_at IS NULL))),
    CONSTRAINT license_version_state_check CHECK ((state = ANY (ARRAY['intent'::text, 'issued'::text, 'superseded'::text, 'voided'::text, 'lost_void'::text]))),
    CONSTRAINT license_version_token_id_check CHECK ((octet_length(token_id) = 32))
);

CREATE TABLE public.lost_entry (
    list_no integer NOT NULL,
    idx integer NOT NULL,
    epoch integer NOT NULL,
    published smallint NOT NULL
);

CREATE TABLE public.manifest (
    only_row boolean DEFAULT true NOT NULL,
    seq bigint NOT NULL,
    content bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    feed_watermark bigint NOT NULL,
    marked boolean DEFAULT false NOT NULL,
    CONSTRAINT manifest_only_row_check CHECK (only_row)
);

CREATE TABLE public.mark (
    entity_no bigint NOT NULL,
    mark_no integer NOT NULL,
    kind text NOT NULL,
    basis text NOT NULL,
    from_date date NOT NULL,
    until_date date,
    CONSTRAINT mark_kind_check CHECK ((kind = ANY (ARRAY['abnormal_unreachable'::text, 'abnormal_other'::text, 'serious_violation'::text, 'special'::text])))
);

CREATE TABLE public.mass_chunk (
    run_no bigint NOT NULL,
    chunk_no integer NOT NULL,
    after_no bigint NOT NULL,
    to_no bigint NOT NULL,
    state text NOT NULL,
    epoch integer DEFAULT 0 NOT NULL,
    kid bytea,
    host text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone,
    intents bytea,
    issued integer DEFAULT 0 NOT NULL,
    voided integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    CONSTRAINT mass_chunk_check CHECK (((state = 'intended'::text) = (intents IS NOT NULL))),
    CONSTRAINT mass_chunk_state_check CHECK ((state = ANY (ARRAY['open'::text, 'intended'::text, 'done'::text])))
);
ALTER TABLE ONLY public.mass_chunk ALTER COLUMN intents SET STORAGE EXTERNAL;

CREATE TABLE public.mass_entity (
    run_no bigint NOT NULL,
    ordinal integer NOT NULL,
    code text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    CONSTRAINT mass_entity_check CHECK (((state = 'refused'::text) = (reason <> ''::text))),
    CONSTRAINT mass_entity_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'refused'::text])))
);

CREATE TABLE public.mass_remark (
    run_no bigint NOT NULL,
    entity_no bigint NOT NULL,
    reason text NOT NULL,
    text text NOT NULL
);

CREATE TABLE public.mass_run (
    run_no bigint NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    unit_id integer,
    of_kid bytea,
    of_host text DEFAULT ''::text NOT NULL,
    basis text NOT NULL,
    wanted bigint NOT NULL,
    staff_no text NOT NULL,
    staff_name text NOT NULL,
    actor_unit_id integer,
    workload text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_by text,
    confirmed_name text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    cursor_no bigint DEFAULT 0 NOT NULL,
    mark_kind text,
    CONSTRAINT mass_run_check CHECK (((started_at IS NULL) = (confirmed_by IS NULL))),
    CONSTRAINT mass_run_kind_check CHECK ((kind = ANY (ARRAY['issue'::text, 'reissue'::text, 'reissue_sites'::text, 'revoke'::text, 'mark'::text, 'unmark'::text]))),
    CONSTRAINT mass_run_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'paused'::text, 'done'::text, 'cancelled'::text])))
);

ALTER TABLE public.mass_run ALTER COLUMN run_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.mass_run_run_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice (
    entity_no bigint NOT NULL,
    application_no integer NOT NULL,
    notice_no integer NOT NULL,
    told_by text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.pending_act (
    entity_no bigint NOT NULL,
    act_no integer NOT NULL,
    act text NOT NULL,
    command jsonb NOT NULL,
    summary text NOT NULL,
    business_name text NOT NULL,
    home_unit_id integer,
    entity_revision bigint NOT NULL,
    state text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    answered_by text,
    answered_at timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT pending_act_check CHECK ((answered_by <> asked_by)),
    CONSTRAINT pending_act_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'refused'::text, 'lapsed'::text])))
);

CREATE TABLE public.person_bar (
    bar_no bigint NOT NULL,
    person text NOT NULL,
    person_key text NOT NULL,
    basis text NOT NULL,
    from_date date NOT NULL,
    until_date date NOT NULL,
    staff_no text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT person_bar_check CHECK ((until_date >= from_date))
);

ALTER TABLE public.person_bar ALTER COLUMN bar_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.person_bar_bar_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.premises (
    entity_no bigint NOT NULL,
    premises_no integer NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    unit_id integer NOT NULL,
    filing_no integer,
    filing_date date NOT NULL,
    revision bigint NOT NULL,
    ended_date date,
    claimed_by text,
    claimed_at timestamp with time zone,
    CONSTRAINT premises_state_check CHECK ((state = ANY (ARRAY['live'::text, 'suspended'::text, 'removed'::text, 'struck'::text, 'ended'::text])))
);

CREATE TABLE public.premises_statement (
    entity_no bigint NOT NULL,
    version integer NOT NULL,
    face_version integer NOT NULL,
    state text NOT NULL,
    kid bytea NOT NULL,
    to_be_signed bytea NOT NULL,
    list_no integer NOT NULL,
    idx integer NOT NULL,
    document bytea,
    created_at timestamp with time zone NOT NULL,
    issued_at timestamp with time zone,
    ended_revision bigint,
    CONSTRAINT premises_statement_check CHECK (((document IS NULL) = (state = ANY (ARRAY['intent'::text, 'voided'::text])))),
    CONSTRAINT premises_statement_check1 CHECK (((document IS NULL) = (issued_at IS NULL))),
    CONSTRAINT premises_statement_check2 CHECK (((state <> 'superseded'::text) OR (ended_revision IS NOT NULL))),
    CONSTRAINT premises_statement_state_check CHECK ((state = ANY (ARRAY['intent'::text, 'issued'::text, 'superseded'::text, 'voided'::text])))
);

CREATE TABLE public.premises_version (
    entity_no bigint NOT NULL,
    premises_no integer NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    address text NOT NULL,
    address_normalised text NOT NULL,
    county_unit_id integer,
    address_unit_id integer,
    standard_code text NOT NULL,
    latitude double precision,
    longitude double precision,
    scope text NOT NULL,
    use text NOT NULL,
    tenancy_end_date date,
    effective_date date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    source_id text NOT NULL,
    run_no bigint,
    building text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.printed_copy (
    entity_no bigint NOT NULL,
    copy_no integer NOT NULL,
    kind text NOT NULL,
    duplicate_no integer NOT NULL,
    license_number text NOT NULL,
    document_id text NOT NULL,
    printed_date date,
    state text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    source_id text NOT NULL,
    run_no bigint,
    printed_by text,
    collected_by text,
    collected_date date,
    ended_at timestamp with time zone,
    ended_basis text,
    CONSTRAINT printed_copy_check CHECK (((duplicate_no = 0) = (kind = 'original'::text))),
    CONSTRAINT printed_copy_kind_check CHECK ((kind = ANY (ARRAY['original'::text, 'duplicate'::text]))),
    CONSTRAINT printed_copy_state_check CHECK ((state = ANY (ARRAY['in_use'::text, 'returned'::text, 'void'::text])))
);

CREATE TABLE public.published_list (
    uri text NOT NULL,
    list_no integer NOT NULL,
    content bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL
);

CREATE TABLE public.receipt_directory (
    receipt_number text NOT NULL,
    entity_no bigint NOT NULL
);

CREATE SEQUENCE public.receipt_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.recovery (
    epoch integer NOT NULL,
    recovered_at timestamp with time zone NOT NULL,
    manifest_digest bytea NOT NULL,
    published_seq bigint NOT NULL,
    database_seq bigint NOT NULL,
    number_floor integer NOT NULL,
    sequence_floor bigint NOT NULL,
    first_list_no integer NOT NULL,
    trust_floor bigint NOT NULL,
    feed_before bigint NOT NULL,
    feed_after bigint NOT NULL,
    CONSTRAINT recovery_check CHECK ((feed_before <= feed_after)),
    CONSTRAINT recovery_epoch_check CHECK ((epoch > 0)),
    CONSTRAINT recovery_manifest_digest_check CHECK ((octet_length(manifest_digest) = 32))
);

CREATE TABLE public.recovery_item (
    entity_no bigint NOT NULL,
    item_no integer NOT NULL,
    epoch integer NOT NULL,
    list_no integer NOT NULL,
    idx integer NOT NULL,
    published smallint NOT NULL,
    restored smallint NOT NULL,
    closed_at timestamp with time zone,
    closed_by text,
    closed_revision bigint,
    reason text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.request_log (
    caller text NOT NULL,
    request_id uuid NOT NULL,
    method text NOT NULL,
    digest bytea NOT NULL,
    answer bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

CREATE TABLE public.restriction (
    entity_no bigint NOT NULL,
    restriction_no integer NOT NULL,
    authority text NOT NULL,
    basis text NOT NULL,
    held_acts text[] NOT NULL,
    from_date date NOT NULL,
    until_date date,
    lifted_at timestamp with time zone,
    lift_basis text DEFAULT ''::text NOT NULL,
    CONSTRAINT restriction_held_acts_check CHECK (((held_acts <@ ARRAY['all'::text, 'change'::text, 'filing'::text, 'deregistration'::text]) AND (cardinality(held_acts) > 0)))
);

CREATE TABLE public.review_policy (
    policy_no bigint NOT NULL,
    unit_id integer NOT NULL,
    effective_date date NOT NULL,
    content jsonb NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    confirmed_by text,
    confirmed_at timestamp with time zone,
    CONSTRAINT review_policy_check CHECK ((confirmed_by <> entered_by))
);

ALTER TABLE public.review_policy ALTER COLUMN policy_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.review_policy_policy_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    oldest_program integer
);

CREATE TABLE public.signing_key (
    kid bytea NOT NULL,
    use text NOT NULL,
    alg integer NOT NULL,
    public_key bytea NOT NULL,
    state text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    activated_at timestamp with time zone,
    retired_at timestamp with time zone,
    CONSTRAINT signing_key_kid_check CHECK ((octet_length(kid) = 8)),
    CONSTRAINT signing_key_state_check CHECK ((state = ANY (ARRAY['next'::text, 'active'::text, 'retired'::text, 'distrusted'::text]))),
    CONSTRAINT signing_key_use_check CHECK ((use = ANY (ARRAY['root'::text, 'token'::text, 'status'::text, 'publication'::text, 'statement'::text, 'receipt'::text])))
);

CREATE TABLE public.site_code (
    entity_no bigint NOT NULL,
    premises_no integer NOT NULL,
    version integer NOT NULL,
    premises_version integer NOT NULL,
    state text NOT NULL,
    request_id uuid,
    kid bytea NOT NULL,
    to_be_signed bytea NOT NULL,
    list_no integer NOT NULL,
    idx integer NOT NULL,
    scan_host text NOT NULL,
    token bytea,
    token_id bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    issued_at timestamp with time zone,
    CONSTRAINT site_code_check CHECK (((token IS NULL) = (state = ANY (ARRAY['intent'::text, 'voided'::text])))),
    CONSTRAINT site_code_check1 CHECK (((token IS NULL) = (issued_at IS NULL))),
    CONSTRAINT site_code_state_check CHECK ((state = ANY (ARRAY['intent'::text, 'issued'::text, 'superseded'::text, 'voided'::text, 'lost_void'::text]))),
    CONSTRAINT site_code_token_id_check CHECK ((octet_length(token_id) = 32))
);

CREATE TABLE public.source_fact (
    entity_no bigint NOT NULL,
    fact_no integer NOT NULL,
    source text NOT NULL,
    source_id text NOT NULL,
    approved_date date NOT NULL,
    source_date date NOT NULL,
    digest bytea NOT NULL,
    business_name text NOT NULL,
    type_code integer NOT NULL,
    person text NOT NULL,
    address text NOT NULL,
    address_normalised text NOT NULL,
    county_unit_id integer,
    address_unit_id integer,
    capital text NOT NULL,
    capital_fen bigint,
    capital_currency text,
    establish_date date,
    scope text NOT NULL,
    term_start_date date,
    term_end_date date,
    organization_form text NOT NULL,
    state text NOT NULL,
    state_told boolean NOT NULL,
    registrar_unit_id integer,
    registrar_told boolean NOT NULL,
    run_no bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    after_version integer NOT NULL,
    after_revision bigint NOT NULL,
    CONSTRAINT source_fact_digest_check CHECK ((octet_length(digest) = 32))
);

CREATE TABLE public.source_gone (
    uscc text NOT NULL,
    source text NOT NULL,
    source_date date NOT NULL,
    run_no bigint NOT NULL
);

CREATE TABLE public.staff (
    staff_no text NOT NULL,
    person_name text NOT NULL,
    disabled boolean DEFAULT false NOT NULL
);

CREATE TABLE public.staff_assignment (
    staff_no text NOT NULL,
    unit_id integer NOT NULL,
    role text NOT NULL,
    from_date date NOT NULL,
    until_date date,
    assignment_no bigint NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT staff_assignment_role_check CHECK ((role = ANY (ARRAY['registrar'::text, 'head'::text, 'supervisor'::text, 'city'::text, 'policy'::text, 'operator'::text, 'key_custodian'::text, 'auditor'::text])))
);

ALTER TABLE public.staff_assignment ALTER COLUMN assignment_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.staff_assignment_assignment_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.staff_event (
    event_no bigint NOT NULL,
    staff_no text NOT NULL,
    kind text NOT NULL,
    person_name text NOT NULL,
    detail jsonb NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    workload text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    row_hash bytea NOT NULL,
    CONSTRAINT staff_event_kind_check CHECK ((kind = ANY (ARRAY['staff.added'::text, 'staff.changed'::text]))),
    CONSTRAINT staff_event_row_hash_check CHECK ((octet_length(row_hash) = 32))
);

ALTER TABLE public.staff_event ALTER COLUMN event_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.staff_event_event_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.standing_revision (
    only_row boolean DEFAULT true NOT NULL,
    number bigint NOT NULL,
    CONSTRAINT standing_revision_only_row_check CHECK (only_row)
);

CREATE TABLE public.status_entry (
    entity_no bigint NOT NULL,
    list_no integer NOT NULL,
    idx integer NOT NULL,
    own smallint NOT NULL,
    floor smallint,
    CONSTRAINT status_entry_floor_check CHECK (((floor >= 0) AND (floor <= 15))),
    CONSTRAINT status_entry_idx_check CHECK (((idx >= 0) AND (idx <= 1048575))),
    CONSTRAINT status_entry_list_no_check CHECK ((list_no >= 0)),
    CONSTRAINT status_entry_own_check CHECK (((own >= 0) AND (own <= 15)))
);

CREATE SEQUENCE public.status_entry_seq
    START WITH 0
    INCREMENT BY 1
    MINVALUE 0
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.sync_item (
    entity_no bigint NOT NULL,
    item_no integer NOT NULL,
    kind text NOT NULL,
    fact_no integer,
    source text NOT NULL,
    source_date date NOT NULL,
    run_no bigint NOT NULL,
    state text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT sync_item_check CHECK (((fact_no IS NULL) = (kind = 'gone'::text))),
    CONSTRAINT sync_item_check1 CHECK (((decided_at IS NULL) = (state = 'open'::text))),
    CONSTRAINT sync_item_kind_check CHECK ((kind = ANY (ARRAY['conflict'::text, 'state'::text, 'gone'::text]))),
    CONSTRAINT sync_item_state_check CHECK ((state = ANY (ARRAY['open'::text, 'taken'::text, 'kept'::text, 'lapsed'::text])))
);

CREATE TABLE public.trust_list (
    version bigint NOT NULL,
    content bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL
);

CREATE TABLE public.unit (
    unit_id integer NOT NULL,
    parent_id integer,
    kind text NOT NULL,
    title text NOT NULL,
    uscc text,
    CONSTRAINT unit_kind_check CHECK ((kind = ANY (ARRAY['city'::text, 'county'::text, 'zone'::text, 'station'::text])))
);

CREATE TABLE public.unit_alias (
    source text NOT NULL,
    code text NOT NULL,
    from_date date NOT NULL,
    until_date date,
    unit_id integer NOT NULL
);

CREATE TABLE public.workload_disabled (
    spiffe_id text NOT NULL,
    disabled_at timestamp with time zone NOT NULL,
    reason text NOT NULL
);

ALTER TABLE ONLY public.access
    ADD CONSTRAINT access_pkey PRIMARY KEY (entity_no, access_no);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_pkey PRIMARY KEY (entity_no, application_no);

ALTER TABLE ONLY public.code_correction
    ADD CONSTRAINT code_correction_pkey PRIMARY KEY (entity_no, revision);

ALTER TABLE ONLY public.code_directory
    ADD CONSTRAINT code_directory_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.copy_token
    ADD CONSTRAINT copy_token_pkey PRIMARY KEY (entity_no, copy_no);

ALTER TABLE ONLY public.defect
    ADD CONSTRAINT defect_pkey PRIMARY KEY (entity_no, application_no, notice_no, defect_no);

ALTER TABLE ONLY public.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (entity_no, filing_no, revision, document_no);

ALTER TABLE ONLY public.dormancy
    ADD CONSTRAINT dormancy_pkey PRIMARY KEY (entity_no, dormancy_no);

ALTER TABLE ONLY public.entity_code
    ADD CONSTRAINT entity_code_pkey PRIMARY KEY (entity_no, code);

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT entity_pkey PRIMARY KEY (entity_no);

ALTER TABLE ONLY public.entity_search
    ADD CONSTRAINT entity_search_pkey PRIMARY KEY (entity_no);

ALTER TABLE ONLY public.entity_version
    ADD CONSTRAINT entity_version_pkey PRIMARY KEY (entity_no, version);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (entity_no, revision);

ALTER TABLE ONLY public.feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.filing
    ADD CONSTRAINT filing_pkey PRIMARY KEY (entity_no, filing_no);

ALTER TABLE ONLY public.finding
    ADD CONSTRAINT finding_pkey PRIMARY KEY (entity_no, filing_no, revision, rule);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_pkey PRIMARY KEY (entity_no, premises_no, flag_no);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_entity_no_filing_no_key UNIQUE (entity_no, filing_no);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_pkey PRIMARY KEY (entity_no, handover_no);

ALTER TABLE ONLY public.import_copy
    ADD CONSTRAINT import_copy_pkey PRIMARY KEY (run_no, unit_id, ordinal);

ALTER TABLE ONLY public.import_entity
    ADD CONSTRAINT import_entity_pkey PRIMARY KEY (run_no, unit_id, ordinal);

ALTER TABLE ONLY public.import_premises
    ADD CONSTRAINT import_premises_pkey PRIMARY KEY (run_no, unit_id, ordinal);

ALTER TABLE ONLY public.import_reject
    ADD CONSTRAINT import_reject_pkey PRIMARY KEY (run_no, line, field, reason);

ALTER TABLE ONLY public.import_run
    ADD CONSTRAINT import_run_pkey PRIMARY KEY (run_no);

ALTER TABLE ONLY public.import_unit
    ADD CONSTRAINT import_unit_pkey PRIMARY KEY (run_no, unit_id);

ALTER TABLE ONLY public.inspection
    ADD CONSTRAINT inspection_pkey PRIMARY KEY (entity_no, handover_no, inspection_no);

ALTER TABLE ONLY public.key_act
    ADD CONSTRAINT key_act_pkey PRIMARY KEY (act_no);

ALTER TABLE ONLY public.key_event
    ADD CONSTRAINT key_event_pkey PRIMARY KEY (event_no);

ALTER TABLE ONLY public.license_version
    ADD CONSTRAINT license_version_pkey PRIMARY KEY (entity_no, version);

ALTER TABLE ONLY public.lost_entry
    ADD CONSTRAINT lost_entry_pkey PRIMARY KEY (list_no, idx);

ALTER TABLE ONLY public.manifest
    ADD CONSTRAINT manifest_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_pkey PRIMARY KEY (entity_no, mark_no);

ALTER TABLE ONLY public.mass_chunk
    ADD CONSTRAINT mass_chunk_pkey PRIMARY KEY (run_no, chunk_no);

ALTER TABLE ONLY public.mass_entity
    ADD CONSTRAINT mass_entity_pkey PRIMARY KEY (run_no, ordinal);

ALTER TABLE ONLY public.mass_entity
    ADD CONSTRAINT mass_entity_run_no_code_key UNIQUE (run_no, code);

ALTER TABLE ONLY public.mass_remark
    ADD CONSTRAINT mass_remark_pkey PRIMARY KEY (run_no, entity_no);

ALTER TABLE ONLY public.mass_run
    ADD CONSTRAINT mass_run_pkey PRIMARY KEY (run_no);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (entity_no, application_no, notice_no);

ALTER TABLE ONLY public.pending_act
    ADD CONSTRAINT pending_act_pkey PRIMARY KEY (entity_no, act_no);

ALTER TABLE ONLY public.person_bar
    ADD CONSTRAINT person_bar_pkey PRIMARY KEY (bar_no);

ALTER TABLE ONLY public.premises
    ADD CONSTRAINT premises_pkey PRIMARY KEY (entity_no, premises_no);

ALTER TABLE ONLY public.premises_statement
    ADD CONSTRAINT premises_statement_pkey PRIMARY KEY (entity_no, version);

ALTER TABLE ONLY public.premises_version
    ADD CONSTRAINT premises_version_pkey PRIMARY KEY (entity_no, premises_no, version);

ALTER TABLE ONLY public.printed_copy
    ADD CONSTRAINT printed_copy_pkey PRIMARY KEY (entity_no, copy_no);

ALTER TABLE ONLY public.published_list
    ADD CONSTRAINT published_list_pkey PRIMARY KEY (uri);

ALTER TABLE ONLY public.receipt_directory
    ADD CONSTRAINT receipt_directory_pkey PRIMARY KEY (receipt_number);

ALTER TABLE ONLY public.recovery_item
    ADD CONSTRAINT recovery_item_pkey PRIMARY KEY (entity_no, item_no);

ALTER TABLE ONLY public.recovery
    ADD CONSTRAINT recovery_pkey PRIMARY KEY (epoch);

ALTER TABLE ONLY public.request_log
    ADD CONSTRAINT request_log_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.restriction
    ADD CONSTRAINT restriction_pkey PRIMARY KEY (entity_no, restriction_no);

ALTER TABLE ONLY public.review_policy
    ADD CONSTRAINT review_policy_pkey PRIMARY KEY (policy_no);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (kid);

ALTER TABLE ONLY public.site_code
    ADD CONSTRAINT site_code_pkey PRIMARY KEY (entity_no, premises_no, version);

ALTER TABLE ONLY public.source_fact
    ADD CONSTRAINT source_fact_entity_no_source_digest_key UNIQUE (entity_no, source, digest);

ALTER TABLE ONLY public.source_fact
    ADD CONSTRAINT source_fact_pkey PRIMARY KEY (entity_no, fact_no);

ALTER TABLE ONLY public.source_gone
    ADD CONSTRAINT source_gone_pkey PRIMARY KEY (uscc, source);

ALTER TABLE ONLY public.staff_assignment
    ADD CONSTRAINT staff_assignment_pkey PRIMARY KEY (assignment_no);

ALTER TABLE ONLY public.staff_event
    ADD CONSTRAINT staff_event_pkey PRIMARY KEY (event_no);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (staff_no);

ALTER TABLE ONLY public.standing_revision
    ADD CONSTRAINT standing_revision_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.status_entry
    ADD CONSTRAINT status_entry_pkey PRIMARY KEY (entity_no, list_no, idx);

ALTER TABLE ONLY public.sync_item
    ADD CONSTRAINT sync_item_pkey PRIMARY KEY (entity_no, item_no);

ALTER TABLE ONLY public.trust_list
    ADD CONSTRAINT trust_list_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.unit_alias
    ADD CONSTRAINT unit_alias_pkey PRIMARY KEY (source, code, from_date);

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_pkey PRIMARY KEY (unit_id);

ALTER TABLE ONLY public.workload_disabled
    ADD CONSTRAINT workload_disabled_pkey PRIMARY KEY (spiffe_id);

CREATE INDEX access_by_person ON public.access USING btree (staff_no, recorded_at, access_no) WHERE (staff_no <> ''::text);

CREATE INDEX application_queue ON public.application USING btree (unit_id, state, due_date, created_at);

CREATE INDEX copy_token_intents ON public.copy_token USING btree (created_at) WHERE (state = 'intent'::text);

CREATE UNIQUE INDEX copy_token_one_live ON public.copy_token USING btree (entity_no, duplicate_no) WHERE (state = ANY (ARRAY['intent'::text, 'issued'::text]));

CREATE INDEX entity_by_code ON public.entity USING btree (uscc);

CREATE INDEX entity_by_registrar ON public.entity USING btree (registrar_unit_id, uscc);

CREATE INDEX entity_search_terms ON public.entity_search USING gin (terms) WITH (gin_pending_list_limit='256');

CREATE INDEX entity_version_by_place ON public.entity_version USING btree (address_normalised);

CREATE INDEX event_feed ON public.event USING btree (feed_no) WHERE (feed_no IS NOT NULL);

CREATE INDEX event_waiting ON public.event USING btree (recorded_at, entity_no, revision) WHERE (feed_no IS NULL);

CREATE INDEX filing_queue ON public.filing USING btree (home_unit_id, state, due_date, created_at);

CREATE INDEX handover_inbox ON public.handover USING btree (to_unit_id, state, created_at);

CREATE INDEX import_run_unfinished ON public.import_run USING btree (file_sha256) WHERE (state = 'loading'::text);

CREATE INDEX import_unit_signed ON public.import_unit USING btree (signed_at) WHERE (state = 'signed'::text);

CREATE UNIQUE INDEX key_act_one_waiting ON public.key_act USING btree (act, subject) WHERE (state = 'waiting'::text);

CREATE INDEX license_version_intents ON public.license_version USING btree (created_at) WHERE (state = 'intent'::text);

CREATE UNIQUE INDEX license_version_one_live ON public.license_version USING btree (entity_no) WHERE (state = ANY (ARRAY['intent'::text, 'issued'::text]));

CREATE INDEX mass_chunk_waiting ON public.mass_chunk USING btree (run_no, chunk_no) WHERE (state <> 'done'::text);

CREATE INDEX mass_entity_refused ON public.mass_entity USING btree (run_no, ordinal) WHERE (state = 'refused'::text);

CREATE INDEX mass_entity_waiting ON public.mass_entity USING btree (run_no, ordinal) WHERE (state = 'waiting'::text);

CREATE INDEX pending_act_waiting ON public.pending_act USING btree (home_unit_id, asked_at) WHERE (state = 'waiting'::text);

CREATE INDEX person_bar_by_person ON public.person_bar USING btree (person_key);

CREATE INDEX premises_by_unit ON public.premises USING btree (unit_id, entity_no);

CREATE INDEX premises_statement_intents ON public.premises_statement USING btree (created_at) WHERE (state = 'intent'::text);

CREATE UNIQUE INDEX premises_statement_one_live ON public.premises_statement USING btree (entity_no) WHERE (state = ANY (ARRAY['intent'::text, 'issued'::text]));

CREATE INDEX premises_struck ON public.premises USING btree (ended_date) WHERE (state = 'struck'::text);

CREATE INDEX premises_unclaimed ON public.premises USING btree (unit_id, entity_no, premises_no) WHERE ((filing_no IS NULL) AND (claimed_at IS NULL) AND (state = ANY (ARRAY['live'::text, 'suspended'::text])));

CREATE INDEX premises_version_by_place ON public.premises_version USING btree (address_normalised);

CREATE INDEX printed_copy_by_document ON public.printed_copy USING btree (document_id) WHERE (document_id <> ''::text);

CREATE INDEX printed_copy_by_number ON public.printed_copy USING btree (license_number) WHERE (license_number <> ''::text);

CREATE INDEX recovery_item_open ON public.recovery_item USING btree (entity_no, item_no) WHERE (closed_at IS NULL);

CREATE INDEX review_policy_in_force ON public.review_policy USING btree (unit_id, effective_date);

CREATE UNIQUE INDEX signing_key_one_active ON public.signing_key USING btree (use) WHERE (state = 'active'::text);

CREATE INDEX site_code_intents ON public.site_code USING btree (created_at) WHERE (state = 'intent'::text);

CREATE UNIQUE INDEX site_code_one_live ON public.site_code USING btree (entity_no, premises_no) WHERE (state = ANY (ARRAY['intent'::text, 'issued'::text]));

CREATE UNIQUE INDEX staff_assignment_once ON public.staff_assignment USING btree (staff_no, unit_id, role, from_date) WHERE (ended_at IS NULL);

CREATE INDEX staff_event_by_person ON public.staff_event USING btree (staff_no, event_no);

CREATE INDEX status_entry_by_list ON public.status_entry USING btree (list_no, idx);

CREATE UNIQUE INDEX sync_item_one_open ON public.sync_item USING btree (entity_no, source, kind) WHERE (state = 'open'::text);

CREATE TRIGGER standing_changed AFTER INSERT OR DELETE OR UPDATE ON public.staff FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed();

CREATE TRIGGER standing_changed AFTER INSERT OR DELETE OR UPDATE ON public.staff_assignment FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed();

CREATE TRIGGER standing_changed AFTER INSERT OR DELETE OR UPDATE ON public.workload_disabled FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed();

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_assignee_fkey FOREIGN KEY (assignee) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_extended_by_fkey FOREIGN KEY (extended_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_staff_no_fkey FOREIGN KEY (staff_no) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.code_correction
    ADD CONSTRAINT code_correction_entity_no_revision_fkey FOREIGN KEY (entity_no, revision) REFERENCES public.event(entity_no, revision);

ALTER TABLE ONLY public.copy_token
    ADD CONSTRAINT copy_token_entity_no_copy_no_fkey FOREIGN KEY (entity_no, copy_no) REFERENCES public.printed_copy(entity_no, copy_no);

ALTER TABLE ONLY public.copy_token
    ADD CONSTRAINT copy_token_entity_no_entity_version_fkey FOREIGN KEY (entity_no, entity_version) REFERENCES public.entity_version(entity_no, version);

ALTER TABLE ONLY public.copy_token
    ADD CONSTRAINT copy_token_entity_no_license_no_fkey FOREIGN KEY (entity_no, license_no) REFERENCES public.license_version(entity_no, version);

ALTER TABLE ONLY public.copy_token
    ADD CONSTRAINT copy_token_entity_no_list_no_idx_fkey FOREIGN KEY (entity_no, list_no, idx) REFERENCES public.status_entry(entity_no, list_no, idx);

ALTER TABLE ONLY public.copy_token
    ADD CONSTRAINT copy_token_kid_fkey FOREIGN KEY (kid) REFERENCES public.signing_key(kid);

ALTER TABLE ONLY public.defect
    ADD CONSTRAINT defect_entity_no_application_no_notice_no_fkey FOREIGN KEY (entity_no, application_no, notice_no) REFERENCES public.notice(entity_no, application_no, notice_no);

ALTER TABLE ONLY public.defect
    ADD CONSTRAINT defect_entity_no_filing_no_fkey FOREIGN KEY (entity_no, filing_no) REFERENCES public.filing(entity_no, filing_no);

ALTER TABLE ONLY public.document
    ADD CONSTRAINT document_entity_no_filing_no_fkey FOREIGN KEY (entity_no, filing_no) REFERENCES public.filing(entity_no, filing_no);

ALTER TABLE ONLY public.dormancy
    ADD CONSTRAINT dormancy_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.entity_code
    ADD CONSTRAINT entity_code_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.entity
    ADD CONSTRAINT entity_registrar_unit_id_fkey FOREIGN KEY (registrar_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.entity_search
    ADD CONSTRAINT entity_search_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.entity_version
    ADD CONSTRAINT entity_version_address_unit_id_fkey FOREIGN KEY (address_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.entity_version
    ADD CONSTRAINT entity_version_county_unit_id_fkey FOREIGN KEY (county_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.entity_version
    ADD CONSTRAINT entity_version_entity_no_corrects_version_fkey FOREIGN KEY (entity_no, corrects_version) REFERENCES public.entity_version(entity_no, version);

ALTER TABLE ONLY public.entity_version
    ADD CONSTRAINT entity_version_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.entity_version
    ADD CONSTRAINT entity_version_registrar_unit_id_fkey FOREIGN KEY (registrar_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_actor_unit_id_fkey FOREIGN KEY (actor_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_entity_no_reverses_revision_fkey FOREIGN KEY (entity_no, reverses_revision) REFERENCES public.event(entity_no, revision);

ALTER TABLE ONLY public.filing
    ADD CONSTRAINT filing_address_unit_id_fkey FOREIGN KEY (address_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.filing
    ADD CONSTRAINT filing_assignee_fkey FOREIGN KEY (assignee) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.filing
    ADD CONSTRAINT filing_county_unit_id_fkey FOREIGN KEY (county_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.filing
    ADD CONSTRAINT filing_entity_no_application_no_fkey FOREIGN KEY (entity_no, application_no) REFERENCES public.application(entity_no, application_no);

ALTER TABLE ONLY public.filing
    ADD CONSTRAINT filing_entity_no_target_premises_no_fkey FOREIGN KEY (entity_no, target_premises_no) REFERENCES public.premises(entity_no, premises_no);

ALTER TABLE ONLY public.filing
    ADD CONSTRAINT filing_home_unit_id_fkey FOREIGN KEY (home_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.finding
    ADD CONSTRAINT finding_entity_no_filing_no_fkey FOREIGN KEY (entity_no, filing_no) REFERENCES public.filing(entity_no, filing_no);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_entity_no_premises_no_fkey FOREIGN KEY (entity_no, premises_no) REFERENCES public.premises(entity_no, premises_no);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_flagged_by_fkey FOREIGN KEY (flagged_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_acknowledged_by_fkey FOREIGN KEY (acknowledged_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_entity_no_filing_no_fkey FOREIGN KEY (entity_no, filing_no) REFERENCES public.filing(entity_no, filing_no);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_entity_no_premises_no_fkey FOREIGN KEY (entity_no, premises_no) REFERENCES public.premises(entity_no, premises_no);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_from_unit_id_fkey FOREIGN KEY (from_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_to_unit_id_fkey FOREIGN KEY (to_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.import_reject
    ADD CONSTRAINT import_reject_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.import_reject
    ADD CONSTRAINT import_reject_run_no_fkey FOREIGN KEY (run_no) REFERENCES public.import_run(run_no);

ALTER TABLE ONLY public.import_run
    ADD CONSTRAINT import_run_actor_unit_id_fkey FOREIGN KEY (actor_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.import_unit
    ADD CONSTRAINT import_unit_run_no_fkey FOREIGN KEY (run_no) REFERENCES public.import_run(run_no);

ALTER TABLE ONLY public.import_unit
    ADD CONSTRAINT import_unit_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.inspection
    ADD CONSTRAINT inspection_entity_no_handover_no_fkey FOREIGN KEY (entity_no, handover_no) REFERENCES public.handover(entity_no, handover_no);

ALTER TABLE ONLY public.inspection
    ADD CONSTRAINT inspection_staff_no_fkey FOREIGN KEY (staff_no) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.key_act
    ADD CONSTRAINT key_act_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.key_act
    ADD CONSTRAINT key_act_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.license_version
    ADD CONSTRAINT license_version_entity_no_entity_version_fkey FOREIGN KEY (entity_no, entity_version) REFERENCES public.entity_version(entity_no, version);

ALTER TABLE ONLY public.license_version
    ADD CONSTRAINT license_version_entity_no_list_no_idx_fkey FOREIGN KEY (entity_no, list_no, idx) REFERENCES public.status_entry(entity_no, list_no, idx);

ALTER TABLE ONLY public.license_version
    ADD CONSTRAINT license_version_kid_fkey FOREIGN KEY (kid) REFERENCES public.signing_key(kid);

ALTER TABLE ONLY public.lost_entry
    ADD CONSTRAINT lost_entry_epoch_fkey FOREIGN KEY (epoch) REFERENCES public.recovery(epoch);

ALTER TABLE ONLY public.mark
    ADD CONSTRAINT mark_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.mass_chunk
    ADD CONSTRAINT mass_chunk_run_no_fkey FOREIGN KEY (run_no) REFERENCES public.mass_run(run_no);

ALTER TABLE ONLY public.mass_entity
    ADD CONSTRAINT mass_entity_run_no_fkey FOREIGN KEY (run_no) REFERENCES public.mass_run(run_no);

ALTER TABLE ONLY public.mass_remark
    ADD CONSTRAINT mass_remark_run_no_fkey FOREIGN KEY (run_no) REFERENCES public.mass_run(run_no);

ALTER TABLE ONLY public.mass_run
    ADD CONSTRAINT mass_run_actor_unit_id_fkey FOREIGN KEY (actor_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.mass_run
    ADD CONSTRAINT mass_run_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.mass_run
    ADD CONSTRAINT mass_run_staff_no_fkey FOREIGN KEY (staff_no) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.mass_run
    ADD CONSTRAINT mass_run_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_entity_no_application_no_fkey FOREIGN KEY (entity_no, application_no) REFERENCES public.application(entity_no, application_no);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_told_by_fkey FOREIGN KEY (told_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.pending_act
    ADD CONSTRAINT pending_act_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.pending_act
    ADD CONSTRAINT pending_act_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.pending_act
    ADD CONSTRAINT pending_act_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.pending_act
    ADD CONSTRAINT pending_act_home_unit_id_fkey FOREIGN KEY (home_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.person_bar
    ADD CONSTRAINT person_bar_staff_no_fkey FOREIGN KEY (staff_no) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.premises
    ADD CONSTRAINT premises_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.premises
    ADD CONSTRAINT premises_entity_no_filing_no_fkey FOREIGN KEY (entity_no, filing_no) REFERENCES public.filing(entity_no, filing_no);

ALTER TABLE ONLY public.premises
    ADD CONSTRAINT premises_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.premises_statement
    ADD CONSTRAINT premises_statement_entity_no_face_version_fkey FOREIGN KEY (entity_no, face_version) REFERENCES public.entity_version(entity_no, version);

ALTER TABLE ONLY public.premises_statement
    ADD CONSTRAINT premises_statement_entity_no_list_no_idx_fkey FOREIGN KEY (entity_no, list_no, idx) REFERENCES public.status_entry(entity_no, list_no, idx);

ALTER TABLE ONLY public.premises_statement
    ADD CONSTRAINT premises_statement_kid_fkey FOREIGN KEY (kid) REFERENCES public.signing_key(kid);

ALTER TABLE ONLY public.premises
    ADD CONSTRAINT premises_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.premises_version
    ADD CONSTRAINT premises_version_address_unit_id_fkey FOREIGN KEY (address_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.premises_version
    ADD CONSTRAINT premises_version_county_unit_id_fkey FOREIGN KEY (county_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.premises_version
    ADD CONSTRAINT premises_version_entity_no_premises_no_fkey FOREIGN KEY (entity_no, premises_no) REFERENCES public.premises(entity_no, premises_no);

ALTER TABLE ONLY public.printed_copy
    ADD CONSTRAINT printed_copy_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.recovery_item
    ADD CONSTRAINT recovery_item_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.recovery_item
    ADD CONSTRAINT recovery_item_entity_no_list_no_idx_fkey FOREIGN KEY (entity_no, list_no, idx) REFERENCES public.status_entry(entity_no, list_no, idx);

ALTER TABLE ONLY public.recovery_item
    ADD CONSTRAINT recovery_item_epoch_fkey FOREIGN KEY (epoch) REFERENCES public.recovery(epoch);

ALTER TABLE ONLY public.restriction
    ADD CONSTRAINT restriction_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.review_policy
    ADD CONSTRAINT review_policy_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.review_policy
    ADD CONSTRAINT review_policy_entered_by_fkey FOREIGN KEY (entered_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.review_policy
    ADD CONSTRAINT review_policy_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.site_code
    ADD CONSTRAINT site_code_entity_no_list_no_idx_fkey FOREIGN KEY (entity_no, list_no, idx) REFERENCES public.status_entry(entity_no, list_no, idx);

ALTER TABLE ONLY public.site_code
    ADD CONSTRAINT site_code_entity_no_premises_no_premises_version_fkey FOREIGN KEY (entity_no, premises_no, premises_version) REFERENCES public.premises_version(entity_no, premises_no, version);

ALTER TABLE ONLY public.site_code
    ADD CONSTRAINT site_code_kid_fkey FOREIGN KEY (kid) REFERENCES public.signing_key(kid);

ALTER TABLE ONLY public.source_fact
    ADD CONSTRAINT source_fact_address_unit_id_fkey FOREIGN KEY (address_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.source_fact
    ADD CONSTRAINT source_fact_county_unit_id_fkey FOREIGN KEY (county_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.source_fact
    ADD CONSTRAINT source_fact_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.source_fact
    ADD CONSTRAINT source_fact_registrar_unit_id_fkey FOREIGN KEY (registrar_unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.staff_assignment
    ADD CONSTRAINT staff_assignment_staff_no_fkey FOREIGN KEY (staff_no) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.staff_assignment
    ADD CONSTRAINT staff_assignment_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.staff_event
    ADD CONSTRAINT staff_event_staff_no_fkey FOREIGN KEY (staff_no) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.status_entry
    ADD CONSTRAINT status_entry_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.sync_item
    ADD CONSTRAINT sync_item_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(staff_no);

ALTER TABLE ONLY public.sync_item
    ADD CONSTRAINT sync_item_entity_no_fact_no_fkey FOREIGN KEY (entity_no, fact_no) REFERENCES public.source_fact(entity_no, fact_no);

ALTER TABLE ONLY public.sync_item
    ADD CONSTRAINT sync_item_entity_no_fkey FOREIGN KEY (entity_no) REFERENCES public.entity(entity_no);

ALTER TABLE ONLY public.unit_alias
    ADD CONSTRAINT unit_alias_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.unit(unit_id);

ALTER TABLE ONLY public.unit
    ADD CONSTRAINT unit_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.unit(unit_id);
