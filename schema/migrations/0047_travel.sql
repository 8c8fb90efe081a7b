-- Travel times: who is asked for them, what was answered, and what journeys have taught.

-- The usual estimate where there is no row. The key is sealed.
CREATE TABLE travel_setting (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  provider text NOT NULL CHECK (provider IN ('none', 'osrm', 'amap')),
  base_url text,
  profile text NOT NULL,
  sealed_key bytea,
  road_factor double precision NOT NULL CHECK (road_factor BETWEEN 1 AND 3),
  kilometres_per_hour double precision NOT NULL CHECK (kilometres_per_hour BETWEEN 1 AND 120),
  -- Questions to the provider.
  daily_requests int NOT NULL CHECK (daily_requests > 0),
  -- Raised whenever somebody else is asked: what the one before said is no answer any more.
  generation int NOT NULL,
  version int NOT NULL,
  updated_at timestamptz NOT NULL
);

-- What a provider said, for squares of some 50 m. It can be asked again: nothing of it has to survive a crash.
CREATE UNLOGGED TABLE travel_time (
  tenant_id uuid NOT NULL,
  generation int NOT NULL,
  from_cell bigint NOT NULL,
  to_cell bigint NOT NULL,
  -- The traffic it holds for: 0 night, 1 rush, 2 else.
  band smallint NOT NULL,
  -- Null: there is no road.
  seconds int,
  metres int,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, generation, from_cell, to_cell, band)
);
CREATE INDEX travel_time_expiry ON travel_time (expires_at);

-- How often a provider was asked on a day of the organization, and how that went.
CREATE TABLE travel_usage (
  tenant_id uuid NOT NULL REFERENCES organization,
  day date NOT NULL,
  requests int NOT NULL DEFAULT 0,
  pairs int NOT NULL DEFAULT 0,
  failures int NOT NULL DEFAULT 0,
  failure text,
  failed_at timestamptz,
  -- Not asked before.
  resumes_at timestamptz,
  PRIMARY KEY (tenant_id, day)
);

-- A journey to a visit from which something is learned: between which squares of 1.4 km, when, and how long it took. Nobody's name.
CREATE TABLE travel_observation (
  tenant_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  from_zone int NOT NULL,
  to_zone int NOT NULL,
  -- By the organization's calendar and clock.
  workday boolean NOT NULL,
  hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  seconds int NOT NULL CHECK (seconds > 0),
  -- By the reference, which never changes.
  estimate int NOT NULL CHECK (estimate > 0),
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, visit_id),
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit ON DELETE CASCADE
);
CREATE INDEX travel_observation_newest ON travel_observation (tenant_id, at DESC);
CREATE INDEX travel_observation_age ON travel_observation (at);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['travel_setting', 'travel_time', 'travel_usage', 'travel_observation']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
