-- The language model that flows may ask: one for each organization, off until somebody sets it up. Its key is sealed.

CREATE TABLE llm_setting (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  enabled boolean NOT NULL DEFAULT false,
  -- Of a service that speaks the OpenAI protocol, with its version: https://host/v1
  base_url text,
  model text,
  sealed_key bytea,
  timeout_seconds int NOT NULL DEFAULT 60,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL
);

ALTER TABLE llm_setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE llm_setting FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON llm_setting USING (
  tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid
  OR current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');
