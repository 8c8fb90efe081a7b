-- Notices on their way out: what is told together, on which channels it goes, and what became of it.

ALTER TABLE notification
  ADD COLUMN urgency text NOT NULL DEFAULT 'normal' CHECK (urgency IN ('urgent', 'normal', 'low')),
  ADD COLUMN bundle_id uuid,
  -- The channels that whoever told of it asked for, beside those the person chose.
  ADD COLUMN channels text[];
-- Who else was told of the same.
CREATE INDEX notification_fact ON notification (tenant_id, fact_position);
CREATE INDEX notification_bundle ON notification (tenant_id, bundle_id, id) WHERE bundle_id IS NOT NULL;

-- What one person is told of in one message: at most one open at a time for each urgency. It is closed when its time has
-- come, and only then are its deliveries made.
CREATE TABLE notice_bundle (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  urgency text NOT NULL CHECK (urgency IN ('urgent', 'normal', 'low')),
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  closed_at timestamptz,
  acknowledged_at timestamptz,
  -- When the next in the ladder is told unless somebody has looked; null when there is nothing to wait for.
  escalate_at timestamptz,
  step int NOT NULL DEFAULT 0,
  -- The bundle of somebody who did not answer.
  escalated_from uuid,
  -- Who was told in their place.
  escalated_to uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, escalated_to) REFERENCES staff
);
CREATE UNIQUE INDEX notice_bundle_open ON notice_bundle (tenant_id, staff_id, urgency) WHERE closed_at IS NULL;
CREATE INDEX notice_bundle_latest ON notice_bundle (tenant_id, staff_id, due_at);
CREATE INDEX notice_bundle_due ON notice_bundle (due_at) WHERE closed_at IS NULL;
CREATE INDEX notice_bundle_escalate ON notice_bundle (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX notice_bundle_created ON notice_bundle (created_at);

-- One message to one person on one channel. A row is its own job: due_at says when it is tried (again); of one that is
-- being sent, when whoever is at it must have died.
CREATE TABLE notice_delivery (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  bundle_id uuid,
  purpose text NOT NULL CHECK (purpose IN ('test', 'code', 'notice')),
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'wecom', 'dingtalk', 'feishu', 'web_push')),
  state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'suppressed')),
  -- Why it failed, waits or was left out: a stable word, and what the other side said.
  reason text,
  problem text,
  urgency text NOT NULL DEFAULT 'normal',
  step int NOT NULL DEFAULT 0,
  -- The delivery that failed and that this one is for.
  instead_of uuid,
  -- Shown with its middle hidden.
  address text,
  -- What a test or a code says, sealed.
  sealed bytea,
  count int NOT NULL DEFAULT 1,
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  provider_id text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, bundle_id) REFERENCES notice_bundle,
  CHECK ((purpose = 'notice') = (bundle_id IS NOT NULL))
);
-- Each channel once for a bundle, however often it is planned.
CREATE UNIQUE INDEX notice_delivery_bundle ON notice_delivery (tenant_id, bundle_id, channel) WHERE bundle_id IS NOT NULL;
CREATE INDEX notice_delivery_due ON notice_delivery (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notice_delivery_list ON notice_delivery (tenant_id, id DESC);
CREATE INDEX notice_delivery_state ON notice_delivery (tenant_id, state, id DESC);
CREATE INDEX notice_delivery_staff ON notice_delivery (tenant_id, staff_id, id DESC);
CREATE INDEX notice_delivery_sent ON notice_delivery (tenant_id, channel, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX notice_delivery_created ON notice_delivery (created_at);

-- How the organization sends on a channel. Credentials are sealed and never shown again.
CREATE TABLE notice_account (
  tenant_id uuid NOT NULL REFERENCES organization,
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'wecom', 'dingtalk', 'feishu', 'web_push')),
  settings jsonb NOT NULL,
  sealed bytea NOT NULL,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure text,
  -- Failures in a row that lie with the account or its service; from five on it rests until open_until.
  failures int NOT NULL DEFAULT 0,
  open_until timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel)
);

CREATE TABLE notice_policy (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  settings jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL
);

-- What an organization says in its own words; where there is none, or nothing is published, the program's words stand.
CREATE TABLE notice_template (
  tenant_id uuid NOT NULL REFERENCES organization,
  kind text NOT NULL,
  channel text NOT NULL,
  language text NOT NULL CHECK (language IN ('zh-CN', 'en')),
  draft jsonb,
  published jsonb,
  published_at timestamptz,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, channel, language)
);

-- How somebody wants to be told outside of the program.
CREATE TABLE notice_setting (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  settings jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, staff_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

-- Where somebody is reached on a channel, when it is not what stands in their record. Used once it is confirmed.
CREATE TABLE notice_address (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  channel text NOT NULL CHECK (channel IN ('email', 'sms', 'wecom', 'dingtalk', 'feishu')),
  address text NOT NULL,
  confirmed_at timestamptz,
  code_digest bytea,
  code_expires_at timestamptz,
  code_sent_at timestamptz,
  code_attempts int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, channel),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

-- Browsers that take pushes (RFC 8030). The endpoint is a secret: whoever has it and the keys can call there.
CREATE TABLE notice_device (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  name text NOT NULL,
  face text NOT NULL CHECK (face IN ('console', 'field')),
  endpoint_digest bytea NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL,
  last_sent_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, endpoint_digest),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE INDEX notice_device_staff ON notice_device (tenant_id, staff_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['notice_bundle', 'notice_delivery', 'notice_account', 'notice_policy', 'notice_template', 'notice_setting', 'notice_address', 'notice_device']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
