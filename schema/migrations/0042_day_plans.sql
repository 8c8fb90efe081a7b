-- Days planned as a whole (调度台、智能排程): when a visit is to begin, what of it is held, and plans worked out in the background.

ALTER TABLE visit
  -- When it was planned to begin and end (计划时间); what the customer was promised is the window.
  ADD COLUMN planned_start timestamptz,
  ADD COLUMN planned_end timestamptz,
  -- What must not be changed (锁定): who comes; begins from one moment to another, which are the same where the time is held.
  ADD COLUMN person_locked boolean NOT NULL DEFAULT false,
  ADD COLUMN locked_from timestamptz,
  ADD COLUMN locked_until timestamptz;
-- Looked at row by row without keeping anybody waiting: what there is holds nothing of it.
ALTER TABLE visit ADD CONSTRAINT visit_planned CHECK ((planned_start IS NULL) = (planned_end IS NULL) AND planned_end >= planned_start) NOT VALID;
ALTER TABLE visit ADD CONSTRAINT visit_locked CHECK ((locked_from IS NULL) = (locked_until IS NULL) AND locked_until >= locked_from) NOT VALID;

-- A plan of a day (排程方案): asked for, worked out by a job, applied or given up.
CREATE TABLE day_plan (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'ready', 'failed', 'applied', 'withdrawn')),
  -- Of the organization's zone.
  day date NOT NULL,
  team_ids uuid[] NOT NULL DEFAULT '{}',
  -- What the day is planned anew for; null: it is planned.
  event text CHECK (event IN ('technician_absent', 'visit_late', 'urgent_ticket')),
  -- What it was asked with beside that: tickets, seconds, what is kept, what is promised; of an event who, which and by how much.
  request jsonb NOT NULL,
  -- Of what was to be planned: two plans with the same digest were made of the same.
  digest text,
  -- Items, what is left out and why, figures before and after; by ids, as names are looked up when it is shown.
  result jsonb,
  failure text,
  -- What became of each item when it was applied, by ticket.
  outcomes jsonb,
  requested_by uuid,
  requested_by_name text,
  -- A key may do less than its owner.
  requested_via text NOT NULL,
  only_permissions text[],
  requested_at timestamptz NOT NULL,
  started_at timestamptz,
  ready_at timestamptz,
  ended_at timestamptz,
  ended_by_name text,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, requested_by) REFERENCES staff,
  CHECK ((state IN ('ready', 'applied')) <= (result IS NOT NULL)),
  CHECK ((state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX day_plan_day ON day_plan (tenant_id, day, id DESC);
CREATE INDEX day_plan_running ON day_plan (tenant_id, requested_by) WHERE state IN ('waiting', 'running');
-- For what forgets them.
CREATE INDEX day_plan_age ON day_plan (requested_at);

ALTER TABLE day_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE day_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON day_plan USING (
  tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid
  OR current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');
