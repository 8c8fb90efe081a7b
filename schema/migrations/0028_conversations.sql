-- Conversations on channels (会话): who somebody is there, what a thread is about, what is answered and what became of it.

-- A name that somebody bears on an account, and the customer it stands for (渠道身份).
CREATE TABLE channel_identity (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  -- openid, unionid, external_userid, userid, email …
  kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
  value text NOT NULL CHECK (length(value) BETWEEN 1 AND 320),
  customer_id uuid NOT NULL,
  -- Whether the platform vouches for it in a way that joins it with what else bears it.
  verified boolean NOT NULL DEFAULT false,
  display_name text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, account_id, kind, value),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer
);
CREATE INDEX channel_identity_customer ON channel_identity (tenant_id, customer_id);
CREATE INDEX channel_identity_value ON channel_identity (tenant_id, kind, value) WHERE verified;

-- What passes with one person, or in one group, on one account.
CREATE TABLE conversation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  thread text NOT NULL CHECK (length(thread) BETWEEN 1 AND 200),
  customer_id uuid,
  -- What it is about at present.
  ticket_id uuid,
  -- The names the other side bears there, by kind, and how it is called.
  contact jsonb NOT NULL DEFAULT '{}',
  contact_name text,
  -- What the channel needs of the last message in order to answer it.
  reply_context jsonb NOT NULL DEFAULT '{}',
  last_inbound_at timestamptz,
  -- How many answers went out since: platforms count them.
  sent_since int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, account_id, thread),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX conversation_customer ON conversation (tenant_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX conversation_about ON conversation (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;

-- By which conversations what is said on a ticket comes and goes (工单会话).
CREATE TABLE conversation_ticket (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, conversation_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation
);
CREATE INDEX conversation_ticket_of ON conversation_ticket (tenant_id, conversation_id);

-- Pictures, recordings and files of messages that came in, which are fetched after the platform was answered (媒体下载). A row is its own job.
CREATE TABLE inbound_media (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  -- The message it hangs on; null where it belongs to the request itself.
  message_id uuid,
  part jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'fetched', 'lost')),
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  failure text,
  file_id uuid,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, inbox_id) REFERENCES inbox_message,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, message_id) REFERENCES message
);
CREATE INDEX inbound_media_due ON inbound_media (due_at) WHERE state = 'waiting';
CREATE INDEX inbound_media_ticket ON inbound_media (tenant_id, ticket_id);
CREATE INDEX inbound_media_inbox ON inbound_media (tenant_id, inbox_id);

-- How far channels that are asked, rather than call, have been read (拉取进度).
CREATE TABLE channel_pull (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  -- What is read of the account: a service desk, a mailbox.
  place text NOT NULL CHECK (length(place) BETWEEN 1 AND 200),
  cursor text,
  -- What the last call gave to ask with, for a while.
  hint text,
  due_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  failure text,
  PRIMARY KEY (tenant_id, account_id, place),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account
);
CREATE INDEX channel_pull_due ON channel_pull (due_at);

-- The outbox carries answers to customers as well: one row for each, in the transaction of the message (发件箱).
ALTER TABLE outgoing_message
  DROP CONSTRAINT outgoing_message_channel_check,
  DROP CONSTRAINT outgoing_message_state_check,
  ALTER COLUMN recipient_address DROP NOT NULL,
  ALTER COLUMN subject DROP NOT NULL,
  ALTER COLUMN body DROP NOT NULL,
  ADD COLUMN message_id uuid,
  ADD COLUMN conversation_id uuid,
  -- The way it took or is taking, and why the ways before it were left out: [{route, reason}].
  ADD COLUMN route text,
  ADD COLUMN skips jsonb NOT NULL DEFAULT '[]',
  -- It goes out in pieces: the next one, whether that one was handed over without an answer so far, and how many there are.
  ADD COLUMN next_piece int NOT NULL DEFAULT 0,
  ADD COLUMN under_way boolean NOT NULL DEFAULT false,
  ADD COLUMN pieces int,
  -- How often somebody had it sent again after the other side had said that it failed: a new message then.
  ADD COLUMN round int NOT NULL DEFAULT 0,
  ADD COLUMN due_at timestamptz,
  ADD COLUMN failure_detail text,
  ADD COLUMN settled_at timestamptz,
  ADD CONSTRAINT outgoing_message_state CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'held')),
  ADD CONSTRAINT outgoing_message_carries CHECK (CASE WHEN message_id IS NULL THEN num_nulls(recipient_address, subject, body) = 0 ELSE conversation_id IS NOT NULL AND due_at IS NOT NULL END),
  ADD FOREIGN KEY (tenant_id, message_id) REFERENCES message,
  ADD FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation;
-- To several where what they had reported was merged.
CREATE UNIQUE INDEX outgoing_message_of ON outgoing_message (tenant_id, message_id, conversation_id) WHERE message_id IS NOT NULL;
CREATE INDEX outgoing_message_due ON outgoing_message (due_at) WHERE state IN ('queued', 'sending') AND message_id IS NOT NULL;
CREATE INDEX outgoing_message_conversation ON outgoing_message (tenant_id, conversation_id, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outgoing_message_sent ON outgoing_message (tenant_id, conversation_id, sent_at) WHERE sent_at IS NOT NULL AND conversation_id IS NOT NULL;
CREATE INDEX outgoing_message_ticket ON outgoing_message (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;

-- What the other side calls what it took: receipts name it.
CREATE TABLE outgoing_name (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  provider_id text NOT NULL CHECK (length(provider_id) BETWEEN 1 AND 300),
  outgoing_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, account_id, provider_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, outgoing_id) REFERENCES outgoing_message
);
CREATE INDEX outgoing_name_of ON outgoing_name (tenant_id, outgoing_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['channel_identity', 'conversation', 'conversation_ticket', 'inbound_media', 'channel_pull', 'outgoing_name']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
