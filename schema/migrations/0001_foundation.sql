-- The ground: organizations, people, access, tickets and what hangs on them, the fact log and its readers.
--
-- Every tenant-owned table begins its primary key with tenant_id and carries it in every unique and foreign key, so
-- that the tables can be sharded by tenant later. Row-level security at the end is the backstop behind the policy
-- engine: a query that forgot its tenant sees nothing.

CREATE TABLE organization (
  tenant_id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text NOT NULL,
  time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
  language text NOT NULL DEFAULT 'zh-CN',
  settings jsonb NOT NULL DEFAULT '{}',
  -- Raised by every change of roles, memberships, types, categories and teams: what programs cache by it stays true.
  configuration_version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL
);

CREATE TABLE department (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  parent_id uuid,
  name text NOT NULL,
  name_en text,
  position int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES department
);

CREATE TABLE team (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  department_id uuid NOT NULL,
  name text NOT NULL,
  name_en text,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department
);

CREATE TABLE staff (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  email text CHECK (email = lower(email)),
  phone text,
  job text NOT NULL,
  department_id uuid,
  active boolean NOT NULL DEFAULT true,
  password_hash text,
  totp_secret bytea,
  totp_enabled_at timestamptz,
  totp_last_step bigint,
  failed_sign_ins int NOT NULL DEFAULT 0,
  locked_until timestamptz,
  home_lat double precision,
  home_lng double precision,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email),
  UNIQUE (tenant_id, phone),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department
);
-- Sign-in knows the address before it knows the organization.
CREATE INDEX staff_email ON staff (email);
CREATE INDEX staff_phone ON staff (phone);

CREATE TABLE team_member (
  tenant_id uuid NOT NULL,
  team_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, team_id, staff_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team,
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE INDEX team_member_staff ON team_member (tenant_id, staff_id);

CREATE TABLE staff_skill (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  skill text NOT NULL,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  PRIMARY KEY (tenant_id, staff_id, skill),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

CREATE TABLE staff_shift (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  starts_minute smallint NOT NULL CHECK (starts_minute BETWEEN 0 AND 1439),
  ends_minute smallint NOT NULL CHECK (ends_minute BETWEEN 1 AND 2880),
  PRIMARY KEY (tenant_id, staff_id, weekday, starts_minute),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

CREATE TABLE role (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  key text,
  name text NOT NULL,
  name_en text,
  grants jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key)
);

CREATE TABLE staff_role (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  role_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, role_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, role_id) REFERENCES role
);

CREATE TABLE account (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL DEFAULT 'company',
  tier text,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE customer (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  account_id uuid,
  tier text,
  address text,
  lat double precision,
  lng double precision,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account
);
CREATE INDEX customer_created ON customer (tenant_id, created_at DESC, id DESC);

CREATE TABLE contact_point (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  value text NOT NULL,
  customer_id uuid NOT NULL,
  verified_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, value),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer
);
CREATE INDEX contact_point_customer ON contact_point (tenant_id, customer_id);

CREATE TABLE session (
  tenant_id uuid NOT NULL REFERENCES organization,
  token_hash bytea NOT NULL,
  id uuid NOT NULL,
  staff_id uuid,
  customer_id uuid,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  user_agent text,
  address text,
  PRIMARY KEY (tenant_id, token_hash),
  CHECK ((staff_id IS NULL) <> (customer_id IS NULL)),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer
);
CREATE INDEX session_staff ON session (tenant_id, staff_id, id);

CREATE TABLE api_key (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  name text NOT NULL,
  token_hash bytea NOT NULL,
  prefix text NOT NULL,
  permissions text[],
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, token_hash),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
-- A key chosen by the operator does not name its organization.
CREATE INDEX api_key_token ON api_key (token_hash);

CREATE TABLE phone_code (
  tenant_id uuid NOT NULL REFERENCES organization,
  phone text NOT NULL,
  code_hash bytea NOT NULL,
  attempts_left smallint NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- Codes and wrong guesses are counted over an hour from the first code.
  hour_started_at timestamptz NOT NULL,
  codes_in_hour smallint NOT NULL,
  PRIMARY KEY (tenant_id, phone)
);

CREATE TABLE category (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  parent_id uuid,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 3),
  name text NOT NULL,
  name_en text,
  team_id uuid,
  position int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES category,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team
);

CREATE TABLE ticket_type (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  name_en text,
  is_default boolean NOT NULL DEFAULT false,
  -- fields: JSON Schema by field name; flow: the steps a ticket of this type goes through.
  definition jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key)
);

CREATE TABLE channel_account (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  address text,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE business_calendar (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  name_en text,
  time_zone text NOT NULL,
  -- Half-open windows {weekday 1–7, startsMinute, endsMinute ≤ 1440}.
  windows jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key)
);

CREATE TABLE asset (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  model text,
  serial_number text,
  customer_id uuid,
  address text,
  lat double precision,
  lng double precision,
  criticality text NOT NULL DEFAULT 'normal',
  warranty_until date,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer
);

-- Ticket numbers are handed out from blocks leased to a program, so that creating tickets never queues on this row.
CREATE TABLE number_block (
  tenant_id uuid NOT NULL REFERENCES organization,
  day date NOT NULL,
  next_value int NOT NULL,
  PRIMARY KEY (tenant_id, day)
);

CREATE TABLE ticket (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  number text NOT NULL,
  type_id uuid NOT NULL,
  subject text NOT NULL,
  description text NOT NULL,
  status text NOT NULL CHECK (status IN ('new', 'open', 'waiting', 'resolved', 'closed', 'cancelled')),
  waiting_for text,
  priority smallint NOT NULL CHECK (priority BETWEEN 1 AND 4),
  priority_explanation jsonb NOT NULL,
  channel text NOT NULL,
  category_id uuid,
  department_id uuid,
  team_id uuid,
  assignee_id uuid,
  accepted_at timestamptz,
  -- People who take part beside the assignee (technicians of visits): the ticket is their own, too.
  participant_ids uuid[] NOT NULL DEFAULT '{}',
  customer_id uuid,
  contact_name text,
  contact_phone text,
  contact_email text,
  asset_id uuid,
  address text,
  lat double precision,
  lng double precision,
  fields jsonb NOT NULL DEFAULT '{}',
  tags text[] NOT NULL DEFAULT '{}',
  resolution text,
  rating smallint,
  reopened_count int NOT NULL DEFAULT 0,
  created_by_kind text NOT NULL,
  created_by_id uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  resolved_at timestamptz,
  closed_at timestamptz,
  version int NOT NULL DEFAULT 1,
  -- The last link of the ticket's chain of facts: how many there are, and the hash of the newest.
  history_length int NOT NULL DEFAULT 0,
  history_hash bytea,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  FOREIGN KEY (tenant_id, type_id) REFERENCES ticket_type,
  FOREIGN KEY (tenant_id, category_id) REFERENCES category,
  FOREIGN KEY (tenant_id, department_id) REFERENCES department,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team,
  FOREIGN KEY (tenant_id, assignee_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer,
  FOREIGN KEY (tenant_id, asset_id) REFERENCES asset
);
-- One index a standing view: everything by age, what is unfinished by team and by person, a customer's history.
CREATE INDEX ticket_created ON ticket (tenant_id, created_at DESC, id DESC);
CREATE INDEX ticket_updated ON ticket (tenant_id, updated_at DESC, id DESC);
CREATE INDEX ticket_unfinished ON ticket (tenant_id, priority, created_at DESC, id DESC) WHERE status IN ('new', 'open', 'waiting');
CREATE INDEX ticket_unfinished_team ON ticket (tenant_id, team_id, created_at DESC, id DESC) WHERE status IN ('new', 'open', 'waiting');
CREATE INDEX ticket_unfinished_assignee ON ticket (tenant_id, assignee_id, created_at DESC, id DESC) WHERE status IN ('new', 'open', 'waiting');
CREATE INDEX ticket_customer ON ticket (tenant_id, customer_id, created_at DESC, id DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX ticket_category ON ticket (tenant_id, category_id, created_at DESC, id DESC) WHERE category_id IS NOT NULL;
CREATE INDEX ticket_asset ON ticket (tenant_id, asset_id, created_at DESC, id DESC) WHERE asset_id IS NOT NULL;

-- Words of each ticket as bigrams, kept by a reader of the fact log.
CREATE TABLE ticket_search (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX ticket_search_words ON ticket_search USING gin (words);

CREATE TABLE message (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  direction text NOT NULL CHECK (direction IN ('inbound', 'outbound', 'internal')),
  visibility text NOT NULL CHECK (visibility IN ('public', 'internal')),
  author_kind text NOT NULL,
  author_id uuid,
  author_name text,
  body text NOT NULL,
  mentions uuid[] NOT NULL DEFAULT '{}',
  channel text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX message_ticket ON message (tenant_id, ticket_id, id);

CREATE TABLE visit (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  technician_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('scheduled', 'accepted', 'travelling', 'on_site', 'completed', 'declined', 'cancelled')),
  window_start timestamptz,
  window_end timestamptz,
  -- What whoever assigned it wants the technician to know.
  note text,
  accepted_at timestamptz,
  travel_started_at timestamptz,
  checked_in_at timestamptz,
  check_in_lat double precision,
  check_in_lng double precision,
  check_in_accuracy double precision,
  check_in_distance int,
  completed_at timestamptz,
  work_summary text,
  signature_file_id uuid,
  signed_by text,
  ended_reason text,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, technician_id) REFERENCES staff
);
CREATE INDEX visit_ticket ON visit (tenant_id, ticket_id, id);
CREATE INDEX visit_technician_current ON visit (tenant_id, technician_id, id) WHERE status IN ('scheduled', 'accepted', 'travelling', 'on_site');
CREATE INDEX visit_technician ON visit (tenant_id, technician_id, id DESC);
-- At most one visit of a ticket is under way with one technician.
CREATE UNIQUE INDEX visit_one_current ON visit (tenant_id, ticket_id, technician_id) WHERE status IN ('scheduled', 'accepted', 'travelling', 'on_site');

CREATE TABLE file (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  ticket_id uuid,
  message_id uuid,
  visit_id uuid,
  name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  sha256 bytea NOT NULL,
  storage_key text NOT NULL,
  thumbnail_key text,
  width int,
  height int,
  purpose text NOT NULL CHECK (purpose IN ('attachment', 'photo', 'signature')),
  visibility text NOT NULL CHECK (visibility IN ('public', 'internal')),
  uploaded_by_kind text NOT NULL,
  uploaded_by_id uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, message_id) REFERENCES message,
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit
);
CREATE INDEX file_ticket ON file (tenant_id, ticket_id, id) WHERE ticket_id IS NOT NULL;
CREATE INDEX file_unattached ON file (created_at) WHERE ticket_id IS NULL;

CREATE TABLE survey (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  round int NOT NULL,
  rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
  comment text,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, round),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);

CREATE TABLE idempotency_key (
  tenant_id uuid NOT NULL REFERENCES organization,
  caller text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status smallint NOT NULL,
  body text,
  headers jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, caller, key)
);
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);

-- The fact log: what happened, append-only; also the outbox that every reader follows.
-- Transactions commit out of order, so readers go by (transaction, position) and stop short of the oldest
-- transaction that still runs.
CREATE SEQUENCE fact_position AS bigint CACHE 1;
CREATE TABLE fact (
  tenant_id uuid NOT NULL REFERENCES organization,
  position bigint NOT NULL DEFAULT nextval('fact_position'),
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kind text NOT NULL,
  ticket_id uuid,
  ticket_position int,
  subject_id uuid,
  actor_kind text NOT NULL,
  actor_id uuid,
  actor_name text,
  data jsonb NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  previous_hash bytea,
  hash bytea,
  PRIMARY KEY (tenant_id, position)
);
CREATE INDEX fact_order ON fact (transaction, position);
CREATE UNIQUE INDEX fact_ticket ON fact (tenant_id, ticket_id, ticket_position) WHERE ticket_id IS NOT NULL;

-- How far each reader of the fact log has come. Moves in the transaction of the reader's effects.
CREATE TABLE fact_reader (
  name text PRIMARY KEY,
  transaction xid8 NOT NULL,
  position bigint NOT NULL,
  updated_at timestamptz NOT NULL
);

-- What will happen because time passes.
CREATE TABLE timer (
  tenant_id uuid NOT NULL REFERENCES organization,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  attempts int NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, kind, subject_id)
);
CREATE INDEX timer_due ON timer (due_at);

-- Roll-ups kept by the insight reader: per local day, and standing counts.
CREATE TABLE insight_daily (
  tenant_id uuid NOT NULL REFERENCES organization,
  measure text NOT NULL,
  day date NOT NULL,
  department_id uuid NOT NULL,
  team_id uuid NOT NULL,
  category_id uuid NOT NULL,
  priority smallint NOT NULL,
  channel text NOT NULL,
  count bigint NOT NULL,
  total double precision NOT NULL,
  PRIMARY KEY (tenant_id, measure, day, department_id, team_id, category_id, priority, channel)
);
CREATE TABLE insight_standing (
  tenant_id uuid NOT NULL REFERENCES organization,
  status text NOT NULL,
  department_id uuid NOT NULL,
  team_id uuid NOT NULL,
  category_id uuid NOT NULL,
  priority smallint NOT NULL,
  channel text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant_id, status, department_id, team_id, category_id, priority, channel)
);

-- Backstop: without the right tenant in app.tenant a session sees and writes nothing. The nil UUID stands for the
-- program's own work across organizations (readers, timers, sign-in), and is set only by platform/db.
DO $$
DECLARE name text;
BEGIN
  FOR name IN
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name = 'tenant_id'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;

-- The match operator of full text search is not leakproof, so under row-level security it cannot use its index. This
-- function looks past it, for the one tenant it is told; the caller joins what it finds with tickets, which are bound.
ALTER TABLE ticket_search NO FORCE ROW LEVEL SECURITY;
CREATE FUNCTION tickets_with_words(tenant uuid, looked_for tsquery) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp
  AS 'SELECT ticket_id FROM ticket_search WHERE tenant_id = tenant AND words @@ looked_for';
