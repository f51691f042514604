-- Made by `make schema` from the migrations; edit those.

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    oldest_program integer
);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);
