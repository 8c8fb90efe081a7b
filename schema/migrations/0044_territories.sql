-- What dispatching goes by: whom customers want, how many people work takes, who serves which area, what is kept for emergencies.

-- Whom a customer, a place or an asset wants, has to have, or does not accept (指定工程师).
CREATE TABLE technician_preference (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  -- One of the three.
  customer_id uuid,
  site_id uuid,
  asset_id uuid,
  staff_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('preferred', 'required', 'banned')),
  reason text CHECK (length(reason) <= 1000),
  created_by_name text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK (num_nonnulls(customer_id, site_id, asset_id) = 1),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer,
  FOREIGN KEY (tenant_id, site_id) REFERENCES site,
  FOREIGN KEY (tenant_id, asset_id) REFERENCES asset,
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE UNIQUE INDEX technician_preference_customer ON technician_preference (tenant_id, customer_id, staff_id) WHERE customer_id IS NOT NULL;
CREATE UNIQUE INDEX technician_preference_site ON technician_preference (tenant_id, site_id, staff_id) WHERE site_id IS NOT NULL;
CREATE UNIQUE INDEX technician_preference_asset ON technician_preference (tenant_id, asset_id, staff_id) WHERE asset_id IS NOT NULL;

-- Who has to come beside the one who leads (多人上门): [{"skills": [{"skillId", "level"}]}], one for each further person.
-- Null: what the category above says; an empty list: nobody, whatever stands above.
ALTER TABLE category ADD COLUMN crew jsonb;
ALTER TABLE category ADD CONSTRAINT category_crew CHECK (jsonb_typeof(crew) = 'array') NOT VALID;

-- Who comes beside the technician of a visit (同行人员).
CREATE TABLE visit_member (
  tenant_id uuid NOT NULL REFERENCES organization,
  visit_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  place smallint NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, visit_id, staff_id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit,
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE INDEX visit_member_staff ON visit_member (tenant_id, staff_id, visit_id DESC);

-- Areas that teams and technicians serve (服务区域).
CREATE TABLE territory (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) <= 100),
  name_en text CHECK (length(name_en) <= 100),
  color text NOT NULL CHECK (color IN ('blue', 'green', 'orange', 'red', 'purple', 'cyan', 'pink', 'grey')),
  -- The coordinates of a GeoJSON MultiPolygon in WGS-84.
  shape jsonb NOT NULL,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE territory_team (
  tenant_id uuid NOT NULL REFERENCES organization,
  territory_id uuid NOT NULL,
  team_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, territory_id, team_id),
  FOREIGN KEY (tenant_id, territory_id) REFERENCES territory,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team
);
CREATE TABLE territory_staff (
  tenant_id uuid NOT NULL REFERENCES organization,
  territory_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, territory_id, staff_id),
  FOREIGN KEY (tenant_id, territory_id) REFERENCES territory,
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

-- What a team keeps to when its work is given out; the usual where there is no row.
CREATE TABLE dispatch_rule (
  tenant_id uuid NOT NULL REFERENCES organization,
  team_id uuid NOT NULL,
  -- Of the working time of its people, kept for what is urgent.
  reserve_percent smallint NOT NULL CHECK (reserve_percent BETWEEN 0 AND 80),
  -- Whether nobody is sent from outside of a territory.
  within_territory boolean NOT NULL,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, team_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team
);

-- Windows that customers may choose for a visit (预约时段), by the organization's clock; the usual where there is no row.
CREATE TABLE appointment_setting (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  -- Whether customers choose by themselves.
  offered boolean NOT NULL,
  -- [{"weekday"?, "startsMinute", "endsMinute"}]
  windows jsonb NOT NULL,
  days smallint NOT NULL CHECK (days BETWEEN 1 AND 30),
  lead_minutes int NOT NULL CHECK (lead_minutes BETWEEN 0 AND 10080),
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL
);

-- The window that a customer was promised, whoever then comes.
CREATE TABLE appointment (
  tenant_id uuid NOT NULL REFERENCES organization,
  ticket_id uuid NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL CHECK (window_end >= window_start),
  chosen_by text NOT NULL CHECK (chosen_by IN ('customer', 'staff')),
  chosen_by_name text,
  chosen_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX appointment_window ON appointment (tenant_id, window_start);

-- When one may enter a place (开放时间): [{"weekday", "startsMinute", "endsMinute"}]; null: at any time.
ALTER TABLE site ADD COLUMN access_hours jsonb;
ALTER TABLE site ADD CONSTRAINT site_access_hours CHECK (jsonb_typeof(access_hours) = 'array') NOT VALID;

-- The secret address under which somebody's calendar reads their visits (日历订阅).
CREATE TABLE calendar_feed (
  tenant_id uuid NOT NULL REFERENCES organization,
  staff_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  last_read_at timestamptz,
  PRIMARY KEY (tenant_id, staff_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['technician_preference', 'visit_member', 'territory', 'territory_team', 'territory_staff', 'dispatch_rule', 'appointment_setting', 'appointment', 'calendar_feed']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
