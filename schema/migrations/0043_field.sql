-- The technician's phone: files that arrive in pieces, commands told once and in order, where somebody is during a visit.

-- A file on its way in, piece by piece (断点续传). What it became stands in file_id until it is forgotten.
CREATE TABLE upload (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) <= 500),
  media_type text NOT NULL CHECK (length(media_type) <= 200),
  purpose text NOT NULL CHECK (purpose IN ('attachment', 'photo', 'signature')),
  visibility text NOT NULL CHECK (visibility IN ('public', 'internal')),
  -- Bytes, of the whole and so far.
  size int NOT NULL CHECK (size > 0),
  received int NOT NULL DEFAULT 0,
  -- What the sender says that the whole amounts to.
  sha256 bytea CHECK (length(sha256) = 32),
  file_id uuid,
  -- Until then somebody puts the pieces together.
  settling_until timestamptz,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  CHECK (received BETWEEN 0 AND size)
);
CREATE INDEX upload_staff ON upload (tenant_id, staff_id) WHERE file_id IS NULL;
CREATE INDEX upload_expiry ON upload (expires_at);

CREATE TABLE upload_part (
  tenant_id uuid NOT NULL REFERENCES organization,
  upload_id uuid NOT NULL,
  -- Where in the file it begins, and how many bytes it has.
  begins int NOT NULL,
  size int NOT NULL CHECK (size > 0),
  blob_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, upload_id, begins),
  FOREIGN KEY (tenant_id, upload_id) REFERENCES upload ON DELETE CASCADE
);
CREATE INDEX upload_part_blob ON upload_part (tenant_id, blob_id);

-- Steps that a device has told, by its own count (设备指令): each is taken once, however often it is told.
CREATE TABLE field_command (
  tenant_id uuid NOT NULL REFERENCES organization,
  staff_id uuid NOT NULL,
  device_id uuid NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  visit_id uuid NOT NULL,
  action text NOT NULL CHECK (length(action) <= 40),
  -- Of the whole command: another one under the same number is none of this device.
  digest bytea NOT NULL,
  applied_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, device_id, sequence),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, visit_id) REFERENCES visit
);
CREATE INDEX field_command_age ON field_command (applied_at);

ALTER TABLE visit
  -- Why somebody checked in far away, or without a position.
  ADD COLUMN check_in_reason text,
  -- When the technician came near for the first time.
  ADD COLUMN near_at timestamptz,
  -- What the office and the technician both changed, and which of the two holds.
  ADD COLUMN conflicts jsonb,
  -- What the next visit needs (再次上门所需), as plain lines.
  ADD COLUMN needs text[];
ALTER TABLE visit ADD CONSTRAINT visit_check_in_reason CHECK (length(check_in_reason) <= 1000) NOT VALID;

-- Where somebody was last during a visit (最近位置). Written often and worth nothing tomorrow: kept out of the log, lost when the machine falls.
-- Without foreign keys: each writing would lock the row it refers to.
CREATE UNLOGGED TABLE staff_position (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  lat double precision NOT NULL,
  lng double precision NOT NULL,
  accuracy double precision NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, staff_id)
) WITH (fillfactor = 50);

-- The way of a visit (上门轨迹).
CREATE UNLOGGED TABLE visit_track (
  tenant_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  at timestamptz NOT NULL,
  lat double precision NOT NULL,
  lng double precision NOT NULL,
  accuracy double precision NOT NULL,
  PRIMARY KEY (tenant_id, visit_id, at)
);
CREATE INDEX visit_track_age ON visit_track (at);

-- That somebody is almost there is told as well.
ALTER TABLE customer_news DROP CONSTRAINT customer_news_event_check;
ALTER TABLE customer_news ADD CONSTRAINT customer_news_event_check CHECK (event IN ('received', 'accepted', 'scheduled', 'travelling', 'near', 'resolved', 'closed', 'cancelled', 'survey')) NOT VALID;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['upload', 'upload_part', 'field_command', 'staff_position', 'visit_track']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
