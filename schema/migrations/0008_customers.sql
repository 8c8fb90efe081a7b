-- Customers with more than a name: tiers, contact points of every kind, notes, merging; accounts with sites; assets with
-- their place, parent and properties of one's own; who sees what of personal data; imports.

SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';

-- ---- Tiers, accounts, sites

CREATE TABLE customer_tier (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  -- What customers and accounts carry; it stays when the name changes.
  key text NOT NULL,
  name text NOT NULL,
  name_en text,
  position int NOT NULL DEFAULT 0,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key)
);
INSERT INTO customer_tier (tenant_id, id, key, name, name_en, position, created_at)
SELECT tenant_id, gen_random_uuid(), standard.key, standard.name, standard.name_en, standard.position, now()
FROM organization CROSS JOIN (VALUES ('VIP', 'VIP 客户', 'VIP', 0), ('重要', '重要客户', 'Important', 1), ('普通', '普通客户', 'Regular', 2)) AS standard (key, name, name_en, position);
-- Up to now anything could be written for a tier.
INSERT INTO customer_tier (tenant_id, id, key, name, position, created_at)
SELECT DISTINCT ON (tenant_id, tier) tenant_id, gen_random_uuid(), tier, tier, 100, now()
FROM (SELECT tenant_id, tier FROM customer UNION SELECT tenant_id, tier FROM account) AS used WHERE tier IS NOT NULL
ON CONFLICT DO NOTHING;

ALTER TABLE account
  ADD COLUMN code text,
  ADD COLUMN address text,
  ADD COLUMN description text,
  ADD COLUMN external_id text,
  ADD COLUMN archived_at timestamptz,
  ADD UNIQUE (tenant_id, code),
  ADD UNIQUE (tenant_id, external_id);
CREATE INDEX account_created ON account (tenant_id, created_at DESC, id DESC);
CREATE INDEX account_name ON account (tenant_id, name);

CREATE TABLE site (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  address text,
  lat double precision,
  lng double precision,
  contact_name text,
  contact_phone text,
  access_notes text,
  archived_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account,
  CHECK ((lat IS NULL) = (lng IS NULL))
);
CREATE INDEX site_account ON site (tenant_id, account_id, created_at DESC, id DESC);

-- ---- Customers

ALTER TABLE customer
  ADD COLUMN external_id text,
  ADD COLUMN language text,
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
  ADD COLUMN account_role text,
  -- Sealed; the keyed hash beside it finds the same number again.
  ADD COLUMN id_number bytea,
  ADD COLUMN id_number_digest bytea,
  ADD COLUMN archived_at timestamptz,
  -- An alias: what belongs to this customer is shown with that one, and comes apart again when this is taken away.
  ADD COLUMN merged_into uuid,
  ADD COLUMN merged_at timestamptz,
  ADD COLUMN merged_by uuid,
  ADD COLUMN merged_by_name text,
  ADD UNIQUE (tenant_id, external_id),
  ADD CHECK (merged_into <> id),
  ADD FOREIGN KEY (tenant_id, merged_into) REFERENCES customer;
CREATE INDEX customer_merged ON customer (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX customer_account ON customer (tenant_id, account_id, created_at DESC, id DESC) WHERE account_id IS NOT NULL;
CREATE INDEX customer_tier_created ON customer (tenant_id, tier, created_at DESC, id DESC) WHERE tier IS NOT NULL;
CREATE INDEX customer_archived ON customer (tenant_id, created_at DESC, id DESC) WHERE archived_at IS NOT NULL;
CREATE INDEX customer_id_number ON customer (tenant_id, id_number_digest) WHERE id_number_digest IS NOT NULL;

ALTER TABLE contact_point
  ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN label text,
  ADD COLUMN version int NOT NULL DEFAULT 1,
  -- The last four digits, which the mask shows: whoever has to find somebody by them needs no more. A column of its own,
  -- as row-level security lets no index on an expression be used.
  ADD COLUMN tail text GENERATED ALWAYS AS (CASE WHEN kind = 'phone' THEN right(value, 4) END) STORED,
  ADD UNIQUE (tenant_id, id);
CREATE INDEX contact_point_tail ON contact_point (tenant_id, tail) WHERE tail IS NOT NULL;

CREATE TABLE customer_note (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  customer_id uuid NOT NULL,
  body text NOT NULL,
  author_id uuid,
  author_name text,
  pinned boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  removed_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer
);
CREATE INDEX customer_note_customer ON customer_note (tenant_id, customer_id, created_at DESC, id DESC) WHERE removed_at IS NULL;

-- The messages of all tickets of a customer in the order of time, kept by a reader of the fact log.
CREATE TABLE customer_message (
  tenant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  message_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, customer_id, created_at, message_id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer,
  FOREIGN KEY (tenant_id, message_id) REFERENCES message,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);

-- ---- Assets

ALTER TABLE asset
  ADD COLUMN account_id uuid,
  ADD COLUMN site_id uuid,
  ADD COLUMN parent_id uuid,
  ADD COLUMN installed_on date,
  ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN external_id text,
  ADD COLUMN archived_at timestamptz,
  ADD UNIQUE (tenant_id, external_id),
  ADD CHECK (parent_id <> id),
  ADD FOREIGN KEY (tenant_id, account_id) REFERENCES account,
  ADD FOREIGN KEY (tenant_id, site_id) REFERENCES site,
  ADD FOREIGN KEY (tenant_id, parent_id) REFERENCES asset;
CREATE INDEX asset_customer ON asset (tenant_id, customer_id, id DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX asset_account ON asset (tenant_id, account_id, id DESC) WHERE account_id IS NOT NULL;
CREATE INDEX asset_site ON asset (tenant_id, site_id, id DESC) WHERE site_id IS NOT NULL;
CREATE INDEX asset_parent ON asset (tenant_id, parent_id, id DESC) WHERE parent_id IS NOT NULL;

-- ---- Words by which customers, accounts and assets are found, kept by a reader of the fact log

CREATE TABLE record_search (
  tenant_id uuid NOT NULL REFERENCES organization,
  kind text NOT NULL,
  record_id uuid NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (tenant_id, kind, record_id)
);
CREATE INDEX record_search_words ON record_search USING gin (words);

-- ---- Masks

CREATE TABLE mask_policy (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  policy jsonb NOT NULL,
  version int NOT NULL DEFAULT 1
);

-- How many masked data somebody has had revealed since the hour began.
CREATE TABLE reveal_count (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  hour_started_at timestamptz NOT NULL,
  count int NOT NULL,
  PRIMARY KEY (tenant_id, staff_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

-- ---- Imports

CREATE TABLE import_job (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  kind text NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'reading', 'running', 'completed', 'cancelled', 'failed')),
  dry_run boolean NOT NULL DEFAULT false,
  file_name text NOT NULL,
  file_size bigint NOT NULL,
  format text NOT NULL,
  encoding text,
  separator text,
  sheet text,
  -- The file as it was sent, and its rows as they were read.
  source_key text,
  rows_key text,
  rows_size bigint NOT NULL DEFAULT 0,
  columns text[] NOT NULL DEFAULT '{}',
  mapping jsonb NOT NULL,
  language text NOT NULL,
  total int,
  -- How far it has come: rows, and bytes of what was read.
  position int NOT NULL DEFAULT 0,
  rows_offset bigint NOT NULL DEFAULT 0,
  created int NOT NULL DEFAULT 0,
  updated int NOT NULL DEFAULT 0,
  present int NOT NULL DEFAULT 0,
  failed int NOT NULL DEFAULT 0,
  error_code text,
  error_parameters jsonb,
  created_by uuid NOT NULL,
  created_by_name text NOT NULL,
  -- What an API key that asked for it was narrowed to.
  permissions text[],
  -- Who is at it, and until when they may be believed to be alive.
  runner uuid,
  leased_until timestamptz,
  -- How often it was taken up without coming further.
  attempts int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, created_by) REFERENCES staff
);
CREATE INDEX import_job_created ON import_job (tenant_id, created_at DESC, id DESC);
CREATE INDEX import_job_unfinished ON import_job (tenant_id) WHERE status IN ('queued', 'reading', 'running');
CREATE INDEX import_job_finished ON import_job (finished_at) WHERE source_key IS NOT NULL;

CREATE TABLE import_issue (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  row int NOT NULL,
  columns text[] NOT NULL DEFAULT '{}',
  code text NOT NULL,
  message text NOT NULL,
  -- The row as it stood in the file.
  cells jsonb NOT NULL,
  PRIMARY KEY (tenant_id, import_id, row),
  FOREIGN KEY (tenant_id, import_id) REFERENCES import_job
);

-- What became of a row, so that the same one, read again, is known: by the id it had elsewhere, or by what it says.
CREATE TABLE imported_record (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  record_id uuid NOT NULL,
  import_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, key),
  FOREIGN KEY (tenant_id, import_id) REFERENCES import_job
);
CREATE INDEX imported_record_record ON imported_record (tenant_id, record_id);

-- The next number for imported tickets of a past day, whose leases are long forgotten.
CREATE TABLE import_number (
  tenant_id uuid NOT NULL REFERENCES organization,
  day date NOT NULL,
  next_value int NOT NULL,
  PRIMARY KEY (tenant_id, day)
);

-- What a column of this name said last time; null when it was left out.
CREATE TABLE import_mapping (
  tenant_id uuid NOT NULL REFERENCES organization,
  kind text NOT NULL,
  header text NOT NULL,
  target text,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, header)
);

-- Standing administrators hold every permission there is, the new one too.
UPDATE role SET grants = grants || '[{"permission": "import.run", "scope": "organization"}]' WHERE key = 'administrator' AND NOT grants @> '[{"permission": "import.run"}]';

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['customer_tier', 'site', 'customer_note', 'customer_message', 'record_search', 'mask_policy', 'reveal_count',
    'import_job', 'import_issue', 'imported_record', 'import_number', 'import_mapping']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;

-- As for tickets: the match operator cannot use its index under row-level security. This looks past it, for the one
-- tenant it is told; the caller joins what it finds with records, which are bound.
ALTER TABLE record_search NO FORCE ROW LEVEL SECURITY;
CREATE FUNCTION records_with_words(tenant uuid, wanted text, looked_for tsquery) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp
  AS 'SELECT record_id FROM record_search WHERE tenant_id = tenant AND kind = wanted AND words @@ looked_for';
