-- Promises: business calendars and SLA policies with their versions, the clocks that run on tickets, and simulations.

-- Calendars become data like other configuration: drafted, published, rolled back.
ALTER TABLE business_calendar
  ADD COLUMN is_default boolean NOT NULL DEFAULT false,
  ADD COLUMN archived boolean NOT NULL DEFAULT false,
  -- What is being worked on; null when nothing differs from what was published.
  ADD COLUMN draft jsonb,
  ADD COLUMN definition jsonb,
  ADD COLUMN published_version int,
  ADD COLUMN created_by uuid,
  ADD COLUMN updated_at timestamptz;

CREATE TABLE business_calendar_version (
  tenant_id uuid NOT NULL,
  calendar_id uuid NOT NULL,
  number int NOT NULL,
  definition jsonb NOT NULL,
  note text,
  restored int,
  published_by uuid,
  published_by_name text,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, calendar_id, number),
  FOREIGN KEY (tenant_id, calendar_id) REFERENCES business_calendar
);

-- One row for organizations that have calendars: every process keeps them in memory for as long as its version stands.
CREATE TABLE business_calendar_state (
  tenant_id uuid NOT NULL REFERENCES organization,
  version int NOT NULL,
  PRIMARY KEY (tenant_id)
);

CREATE TABLE sla_policy (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  name_en text,
  position int NOT NULL,
  enabled boolean NOT NULL DEFAULT false,
  archived boolean NOT NULL DEFAULT false,
  draft jsonb,
  definition jsonb,
  published_version int,
  version int NOT NULL DEFAULT 1,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sla_policy_list ON sla_policy (tenant_id, archived, position, id);

-- Versions stay for ever: a running clock goes on as it was promised, whatever becomes of its policy.
CREATE TABLE sla_policy_version (
  tenant_id uuid NOT NULL,
  policy_id uuid NOT NULL,
  number int NOT NULL,
  name text NOT NULL,
  name_en text,
  definition jsonb NOT NULL,
  note text,
  restored int,
  published_by uuid,
  published_by_name text,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, policy_id, number),
  FOREIGN KEY (tenant_id, policy_id) REFERENCES sla_policy
);

-- One row for organizations that have policies: the reader of the fact log has nothing to do for those without.
CREATE TABLE sla_state (
  tenant_id uuid NOT NULL REFERENCES organization,
  version int NOT NULL,
  -- When the first policy was published: tickets made before it have no clocks.
  since timestamptz NOT NULL,
  PRIMARY KEY (tenant_id)
);

-- How far each ticket is, as its clocks see it, and what of them lists show. Kept by a reader of the fact log.
CREATE TABLE sla_ticket (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  -- The last link of the ticket's chain of facts that was taken in.
  position int NOT NULL,
  at timestamptz NOT NULL,
  ledger jsonb NOT NULL,
  -- Of the customer's running clocks the one that is due first.
  due_at timestamptz,
  due_metric text,
  -- When a promise to the customer was first broken.
  breached_at timestamptz,
  PRIMARY KEY (tenant_id, ticket_id)
);
CREATE INDEX sla_ticket_due ON sla_ticket (tenant_id, due_at, ticket_id) WHERE due_at IS NOT NULL;
CREATE INDEX sla_ticket_breached ON sla_ticket (tenant_id, breached_at, ticket_id) WHERE breached_at IS NOT NULL;

CREATE TABLE sla_clock (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  key text NOT NULL,
  metric text NOT NULL,
  -- Of a team's clock.
  team_id uuid,
  step text,
  cycle int NOT NULL,
  policy_id uuid NOT NULL,
  target_key text NOT NULL,
  started_at timestamptz NOT NULL,
  due_at timestamptz,
  breached_at timestamptz,
  stopped_at timestamptz,
  outcome text CHECK (outcome IN ('met', 'cancelled')),
  paused boolean NOT NULL DEFAULT false,
  -- Its phases and promises (rules/sla/clock-record.ts), targets by their places in the versions of policies.
  record jsonb NOT NULL,
  -- The moments that were acted on.
  done text[] NOT NULL DEFAULT '{}',
  -- The first moment that was not: when the clock is to be looked at. Null when there is none ahead.
  act_at timestamptz,
  -- Why the promise was broken, as somebody said.
  reason text,
  reason_note text,
  reason_by uuid,
  reason_by_name text,
  reason_at timestamptz,
  PRIMARY KEY (tenant_id, ticket_id, key)
);
-- A sweep reads what is due, and nothing else.
CREATE INDEX sla_clock_act ON sla_clock (act_at, tenant_id, ticket_id) WHERE act_at IS NOT NULL;
CREATE INDEX sla_clock_breached ON sla_clock (tenant_id, breached_at DESC, ticket_id, key) WHERE breached_at IS NOT NULL;

-- The past played through a draft of policies.
CREATE TABLE sla_simulation (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  -- The policies and calendars to try, the period, and on which tickets.
  request jsonb NOT NULL,
  done int NOT NULL DEFAULT 0,
  total int,
  result jsonb,
  created_by uuid,
  created_by_name text,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sla_simulation_created ON sla_simulation (created_at);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['business_calendar_version', 'business_calendar_state', 'sla_policy', 'sla_policy_version', 'sla_state', 'sla_ticket', 'sla_clock', 'sla_simulation']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;

-- Nobody looks for these by value: statistics of them would cost more than they help.
ALTER TABLE sla_ticket ALTER COLUMN ledger SET STATISTICS 0;
ALTER TABLE sla_clock ALTER COLUMN record SET STATISTICS 0, ALTER COLUMN done SET STATISTICS 0;

SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';
UPDATE business_calendar SET
  definition = jsonb_build_object('timeZone', time_zone, 'windows', windows, 'sources', '[]'::jsonb, 'exceptions', '{}'::jsonb),
  published_version = 1, is_default = key = 'working_hours', updated_at = created_at;
INSERT INTO business_calendar_version (tenant_id, calendar_id, number, definition, published_at)
  SELECT tenant_id, id, 1, definition, created_at FROM business_calendar;
INSERT INTO business_calendar_state (tenant_id, version) SELECT DISTINCT tenant_id, 1 FROM business_calendar;
ALTER TABLE business_calendar ALTER COLUMN updated_at SET NOT NULL, DROP COLUMN time_zone, DROP COLUMN windows;
CREATE UNIQUE INDEX business_calendar_default ON business_calendar (tenant_id) WHERE is_default;
