-- What the work of a category needs on site. Null: what the category above says; an empty list of skills: none, whatever stands above.
ALTER TABLE category
  ADD COLUMN service_minutes int CHECK (service_minutes BETWEEN 5 AND 1440),
  -- [{"skillId", "level"}]
  ADD COLUMN skills jsonb CHECK (jsonb_typeof(skills) = 'array');

-- What a team weighs when the best person is looked for: points by factor.
CREATE TABLE dispatch_weights (
  tenant_id uuid NOT NULL REFERENCES organization,
  team_id uuid NOT NULL,
  -- Null: the usual ones again.
  weights jsonb,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, team_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team
);
ALTER TABLE dispatch_weights ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch_weights FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON dispatch_weights USING (
  tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid
  OR current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');
