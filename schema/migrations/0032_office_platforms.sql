-- Office platforms: people who were added to somebody's contacts.

-- A welcome that somebody who was just added is to get (欢迎语), once, within the seconds the platform gives. A row is its own job.
CREATE TABLE channel_greeting (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  -- What the platform gave to greet with, by name.
  context jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  due_at timestamptz NOT NULL,
  -- Beyond it the platform takes none.
  until timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  failure text,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, inbox_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, inbox_id) REFERENCES inbox_message
);
CREATE INDEX channel_greeting_due ON channel_greeting (due_at) WHERE state = 'waiting';
CREATE INDEX channel_greeting_account ON channel_greeting (tenant_id, account_id);

ALTER TABLE channel_greeting ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_greeting FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_greeting USING (
  tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid
  OR current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');
