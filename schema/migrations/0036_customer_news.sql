-- What customers are told of their tickets without asking (进度通报), what they chose to hear, and what is known of matters that are alike.

-- Written by the program itself: progress, a survey, the answer to a choice. Null: somebody's words.
ALTER TABLE message ADD COLUMN purpose text;
ALTER TABLE message ADD CONSTRAINT message_purpose_check CHECK (purpose IN ('progress', 'survey', 'notice')) NOT VALID;

-- What somebody wants to hear: all, results only, or nothing but answers. Null: nothing was said.
ALTER TABLE customer ADD COLUMN news text;
ALTER TABLE customer ADD CONSTRAINT customer_news_check CHECK (news IN ('all', 'results', 'answers')) NOT VALID;
ALTER TABLE conversation ADD COLUMN news text CHECK (news IN ('all', 'results', 'answers'));

-- One thing a customer is to be told. A row is its own job; each is told once.
CREATE TABLE customer_news (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  event text NOT NULL CHECK (event IN ('received', 'accepted', 'scheduled', 'travelling', 'resolved', 'closed', 'cancelled', 'survey')),
  -- Of what it is told once: the visit, or the round of the ticket.
  about text NOT NULL CHECK (length(about) <= 60),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'told', 'left_out')),
  -- Why it was left out.
  reason text,
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  -- Until then somebody is at it.
  leased_until timestamptz,
  message_id uuid,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, ticket_id, event, about),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, message_id) REFERENCES message
);
CREATE INDEX customer_news_due ON customer_news (due_at) WHERE state = 'waiting';
CREATE INDEX customer_news_settled ON customer_news (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX customer_news_message ON customer_news (tenant_id, message_id) WHERE message_id IS NOT NULL;

-- What is told, when, and in which words.
CREATE TABLE news_setting (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  settings jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL
);

-- Who came by no conversation may be told by text message; how far down the ways something goes.
ALTER TABLE outgoing_message
  DROP CONSTRAINT outgoing_message_carries,
  ADD COLUMN reach text CHECK (reach IN ('chat', 'sms', 'person')),
  ADD CONSTRAINT outgoing_message_carries CHECK (CASE WHEN message_id IS NULL THEN num_nulls(recipient_address, subject, body) = 0 ELSE num_nulls(due_at, ticket_id) = 0 END) NOT VALID;
-- Text messages cost: they are counted by day.
CREATE INDEX outgoing_message_texted ON outgoing_message (tenant_id, sent_at) WHERE route = 'sms';

-- How many messages of a template somebody on an account agreed to, and that are left (订阅消息授权).
CREATE TABLE subscription_grant (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  identity text NOT NULL CHECK (length(identity) BETWEEN 1 AND 320),
  template_id text NOT NULL CHECK (length(template_id) BETWEEN 1 AND 100),
  remaining int NOT NULL CHECK (remaining BETWEEN 0 AND 1000),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, account_id, identity, template_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account
);

-- When tickets are proposed as one, or as many of one cause.
CREATE TABLE matching_setting (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  settings jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL
);

-- Under which ticket alarms of an account are gathered while they come thick and fast (告警风暴).
CREATE TABLE alarm_storm (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, account_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);

-- Two of which somebody said that they are not the same: tickets, or customers. The smaller id stands first.
CREATE TABLE distinct_pair (
  tenant_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('ticket', 'customer')),
  one_id uuid NOT NULL,
  other_id uuid NOT NULL,
  decided_by uuid,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, one_id, other_id),
  CHECK (one_id < other_id)
);
CREATE INDEX distinct_pair_other ON distinct_pair (tenant_id, kind, other_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['customer_news', 'news_setting', 'subscription_grant', 'matching_setting', 'alarm_storm', 'distinct_pair']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
