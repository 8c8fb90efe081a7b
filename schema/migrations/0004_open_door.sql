-- What comes from addresses without an account is counted by the hour. A sender is a keyed hash of the address, and is
-- forgotten when it is needed no more.
CREATE TABLE portal_report (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  sender bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX portal_report_sender ON portal_report (tenant_id, sender, created_at);
CREATE INDEX portal_report_created ON portal_report (created_at);
ALTER TABLE portal_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE portal_report FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON portal_report USING (
  tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid
  OR current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');

-- Null for files of the staff, and once a file hangs on something.
ALTER TABLE file ADD COLUMN sender bytea;
CREATE INDEX file_unattached_sender ON file (tenant_id, sender, created_at) WHERE sender IS NOT NULL;
