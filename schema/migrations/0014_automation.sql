-- Automation: rules with their versions, work that waits, the log of what each rule did, and calls to the outside.

CREATE TABLE automation_rule (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  description text,
  position int NOT NULL,
  enabled boolean NOT NULL DEFAULT false,
  stop_after_match boolean NOT NULL DEFAULT false,
  archived boolean NOT NULL DEFAULT false,
  -- What is being worked on; null when nothing differs from what was published.
  draft jsonb,
  -- The definition that holds, and its number in automation_rule_version; null before it was first published.
  definition jsonb,
  published_version int,
  -- What happened before is not this rule's business: moved on whenever the rule is published or switched on.
  effective_from timestamptz,
  -- Failures in a row. At a limit the rule is switched off, and says why.
  failures int NOT NULL DEFAULT 0,
  suspended_at timestamptz,
  suspended_reason jsonb,
  version int NOT NULL DEFAULT 1,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, created_by) REFERENCES staff
);
CREATE INDEX automation_rule_list ON automation_rule (tenant_id, archived, position, id);

CREATE TABLE automation_rule_version (
  tenant_id uuid NOT NULL,
  rule_id uuid NOT NULL,
  number int NOT NULL,
  name text NOT NULL,
  definition jsonb NOT NULL,
  note text,
  restored int,
  published_by uuid,
  published_by_name text,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, rule_id, number),
  FOREIGN KEY (tenant_id, rule_id) REFERENCES automation_rule
);

-- One row for organizations that have rules: the reader of the fact log keeps the rules in memory for as long as its
-- version stands, and has nothing to do for organizations without one.
CREATE TABLE automation_state (
  tenant_id uuid NOT NULL REFERENCES organization,
  version int NOT NULL,
  PRIMARY KEY (tenant_id)
);

-- What rules have yet to be asked about: a fact, or a ticket whose time has come. Taken away in the transaction of its
-- effect. Without rule_id: all rules that listen to the fact, in their order.
CREATE TABLE automation_work (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('fact', 'after', 'ticket', 'retry')),
  rule_id uuid,
  ticket_id uuid NOT NULL,
  fact_position bigint,
  due_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  data jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX automation_work_due ON automation_work (due_at, id);
-- A rule is asked about a ticket once a sweep, also when the sweep is carried on by another node.
CREATE UNIQUE INDEX automation_work_ticket ON automation_work (tenant_id, rule_id, ticket_id) WHERE kind = 'ticket';

-- Why each rule did something or did not. Kept for a while.
CREATE TABLE automation_run (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  rule_id uuid NOT NULL,
  rule_version int NOT NULL,
  ticket_id uuid NOT NULL,
  fact_position bigint,
  fact_kind text,
  outcome text NOT NULL CHECK (outcome IN ('matched', 'missed', 'skipped', 'parked', 'retried')),
  -- Of what was skipped: own_effect, loop, repeated, stopped, rate.
  reason text,
  explanation jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, rule_id) REFERENCES automation_rule
);
CREATE INDEX automation_run_rule ON automation_run (tenant_id, rule_id, id DESC);
CREATE INDEX automation_run_ticket ON automation_run (tenant_id, ticket_id, id DESC);
CREATE INDEX automation_run_parked ON automation_run (tenant_id, id DESC) WHERE outcome = 'parked';
CREATE INDEX automation_run_matched ON automation_run (tenant_id, rule_id, ticket_id, at DESC) WHERE outcome = 'matched';
CREATE INDEX automation_run_at ON automation_run (at);

-- "At most once": when a rule last acted for a ticket, an asset, a customer. Claimed in the transaction of its actions.
CREATE TABLE automation_claim (
  tenant_id uuid NOT NULL,
  rule_id uuid NOT NULL,
  subject text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, rule_id, subject),
  FOREIGN KEY (tenant_id, rule_id) REFERENCES automation_rule
);
CREATE INDEX automation_claim_at ON automation_claim (at);

-- A call to a system outside that a rule asked for. What is secret in it is sealed.
CREATE TABLE automation_call (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  rule_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  method text NOT NULL,
  url text NOT NULL,
  headers jsonb NOT NULL,
  body text,
  state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  attempts int NOT NULL DEFAULT 0,
  status_code int,
  answer text,
  problem text,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, rule_id) REFERENCES automation_rule
);
CREATE INDEX automation_call_rule ON automation_call (tenant_id, rule_id, id DESC);
CREATE INDEX automation_call_created ON automation_call (created_at);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['automation_rule', 'automation_rule_version', 'automation_state', 'automation_work', 'automation_run', 'automation_claim', 'automation_call']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;

-- Whoever keeps the settings makes the rules.
SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';
UPDATE role SET grants = grants || '[{"permission": "automation.manage", "scope": "organization"}]' WHERE key = 'administrator' AND NOT grants @> '[{"permission": "automation.manage"}]';
UPDATE organization SET configuration_version = configuration_version + 1;
