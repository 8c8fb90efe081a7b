-- Flows: definitions in versions, their runs on tickets, the tasks that people have in them, and what they wait for.

CREATE TABLE flow (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  name_en text,
  description text,
  active boolean NOT NULL DEFAULT true,
  -- The published version; null before the first.
  published int,
  -- The flow as it is being worked on; null where nothing waits to be published. Its version only rises.
  draft jsonb,
  draft_version int NOT NULL DEFAULT 1,
  draft_based_on int,
  draft_changed_at timestamptz,
  draft_changed_by uuid,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, draft_changed_by) REFERENCES staff
);

-- Every flow that was ever published. Rows are never changed. `subflows`: the flows it calls, as they stood then, by id.
CREATE TABLE flow_version (
  tenant_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  number int NOT NULL,
  definition jsonb NOT NULL,
  subflows jsonb NOT NULL,
  note text,
  restored int,
  published_by uuid,
  published_by_name text,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, flow_id, number),
  FOREIGN KEY (tenant_id, flow_id) REFERENCES flow
);

ALTER TABLE ticket_type
  ADD COLUMN flow_id uuid,
  ADD FOREIGN KEY (tenant_id, flow_id) REFERENCES flow;

-- A flow's run on a ticket. `state` is the business of rules/workflow alone.
CREATE TABLE flow_instance (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  number int NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'completed', 'terminated', 'cancelled')),
  state jsonb NOT NULL,
  -- Places that are held by a problem.
  held int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 1,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, flow_id, number) REFERENCES flow_version
);
CREATE UNIQUE INDEX flow_instance_running ON flow_instance (tenant_id, ticket_id) WHERE status = 'running';
CREATE INDEX flow_instance_ticket ON flow_instance (tenant_id, ticket_id, id);
CREATE INDEX flow_instance_flow ON flow_instance (tenant_id, flow_id, status, id);
CREATE INDEX flow_instance_held ON flow_instance (tenant_id, id) WHERE held > 0 AND status = 'running';

-- A step that waits for people, or did.
CREATE TABLE task (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  instance_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  activation text NOT NULL,
  node text NOT NULL,
  scope text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('task', 'onsite_task', 'approval')),
  -- The node as it was when it was opened: words, fields it asks for, outcomes.
  content jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'completed', 'cancelled')),
  seats jsonb NOT NULL,
  claimed_by uuid,
  outcome text,
  completed_by uuid,
  created_at timestamptz NOT NULL,
  due_at timestamptz,
  overdue boolean NOT NULL DEFAULT false,
  completed_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, instance_id, activation),
  FOREIGN KEY (tenant_id, instance_id) REFERENCES flow_instance,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX task_ticket ON task (tenant_id, ticket_id, id);
CREATE INDEX task_state ON task (tenant_id, state, id DESC);
CREATE INDEX task_completed_by ON task (tenant_id, completed_by, id DESC) WHERE completed_by IS NOT NULL;

-- Who may act on an open task now: a person, or a team any member of which may. Ids of tasks rise with time.
CREATE TABLE task_actor (
  tenant_id uuid NOT NULL,
  who_id uuid NOT NULL,
  task_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, who_id, task_id),
  FOREIGN KEY (tenant_id, task_id) REFERENCES task
);
CREATE INDEX task_actor_task ON task_actor (tenant_id, task_id);

-- Facts that flows wait for. `transaction`: what happened before or along with it does not count.
CREATE TABLE flow_wait (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  instance_id uuid NOT NULL,
  activation text NOT NULL,
  fact_kind text NOT NULL,
  of_children boolean NOT NULL,
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (tenant_id, ticket_id, instance_id, activation),
  FOREIGN KEY (tenant_id, instance_id) REFERENCES flow_instance
);

-- Calls to the outside that a flow waits for.
CREATE TABLE flow_call (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  instance_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  activation text NOT NULL,
  ask int NOT NULL,
  request jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  attempts int NOT NULL DEFAULT 0,
  problem text,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, instance_id) REFERENCES flow_instance
);
CREATE INDEX flow_call_settled ON flow_call (settled_at) WHERE settled_at IS NOT NULL;

-- Parts a flow asked for, as lines, until there is a store that answers.
CREATE TABLE flow_part_request (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  instance_id uuid NOT NULL,
  lines jsonb NOT NULL,
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['flow', 'flow_version', 'flow_instance', 'task', 'task_actor', 'flow_wait', 'flow_call', 'flow_part_request']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
