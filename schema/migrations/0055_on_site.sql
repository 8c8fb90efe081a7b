-- What a technician tells besides the work: parts, and when and where films were recorded; and how the organization looks on paper.

-- What was used up on a visit (耗用配件), as plain lines.
ALTER TABLE visit ADD COLUMN parts text[];

-- When and where a film or a word was recorded (录制时间与地点), WGS-84; into photos it is written.
ALTER TABLE file
  ADD COLUMN recorded_at timestamptz,
  ADD COLUMN recorded_lat double precision,
  ADD COLUMN recorded_lng double precision,
  -- Metres.
  ADD COLUMN recorded_accuracy double precision;

-- The organization's logo (企业标志), as PNG small enough for paper. Beside the organization, as its settings are read with every configuration.
CREATE TABLE organization_logo (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  image bytea NOT NULL CHECK (length(image) <= 200000),
  changed_at timestamptz NOT NULL
);
ALTER TABLE organization_logo ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization_logo FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organization_logo USING (
  tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid
  OR current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');
