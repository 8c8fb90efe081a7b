-- Channels that bring something in by themselves (渠道账号): what they are set up with, and how they fare.
ALTER TABLE channel_account
  ADD COLUMN settings jsonb,
  ADD COLUMN sealed bytea,
  ADD COLUMN mapping jsonb,
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN archived_at timestamptz,
  -- The newest that came, and why the last call was not taken.
  ADD COLUMN last_received_at timestamptz,
  ADD COLUMN last_refused_at timestamptz,
  ADD COLUMN last_refusal text;

-- What came in and is kept before its sender is answered (收件箱). Each row waits until it has become what it is to become.
CREATE TABLE inbox_message (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  -- The platform's name for it: what comes twice is kept once.
  external_id text NOT NULL CHECK (length(external_id) BETWEEN 1 AND 200),
  -- Those of one thread are taken in one after another.
  thread text NOT NULL CHECK (length(thread) BETWEEN 1 AND 200),
  content jsonb NOT NULL,
  -- The row that holds the bytes of the call it came with: itself, or the first of that call; and its place in the call.
  call_id uuid NOT NULL,
  place smallint NOT NULL,
  raw bytea,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'passed_over', 'quarantined')),
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  -- Code and words of what stood in the way.
  failure text,
  failure_detail text,
  outcome text,
  ticket_id uuid,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE UNIQUE INDEX inbox_message_external ON inbox_message (tenant_id, account_id, external_id);
CREATE INDEX inbox_message_due ON inbox_message (due_at, id) WHERE state = 'waiting';
CREATE INDEX inbox_message_thread ON inbox_message (tenant_id, account_id, thread, id) WHERE state = 'waiting';
CREATE INDEX inbox_message_of ON inbox_message (tenant_id, account_id, id DESC);
CREATE INDEX inbox_message_quarantined ON inbox_message (tenant_id, account_id, id DESC) WHERE state = 'quarantined';
CREATE INDEX inbox_message_ticket ON inbox_message (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX inbox_message_settled ON inbox_message (settled_at) WHERE settled_at IS NOT NULL;

-- What is known of each thing that raises alarms (告警对象): its last episode and the ticket of it.
CREATE TABLE alarm_standing (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  episode text NOT NULL CHECK (length(episode) BETWEEN 1 AND 200),
  state text NOT NULL CHECK (state IN ('raised', 'cleared')),
  since timestamptz NOT NULL,
  count integer NOT NULL,
  ticket_id uuid,
  PRIMARY KEY (tenant_id, account_id, key),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX alarm_standing_ticket ON alarm_standing (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['inbox_message', 'alarm_standing']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
