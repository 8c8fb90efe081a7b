-- Text messages that are answered, brokers of devices, and codes on things and places.

-- Numbers whose owners want no text messages any more (短信退订).
CREATE TABLE text_opt_out (
  tenant_id uuid NOT NULL REFERENCES organization,
  phone text NOT NULL CHECK (length(phone) BETWEEN 3 AND 30),
  -- What they wrote, and when.
  said text NOT NULL,
  opted_out_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, phone)
);

-- To which number an answer went as a text message that led out of its conversation: what is answered to it comes back here.
CREATE INDEX outgoing_message_texted_to ON outgoing_message (tenant_id, recipient_address, sent_at DESC) WHERE route = 'sms' AND recipient_address IS NOT NULL;

-- Who holds the one connection of an account, and until when unless they say so again (连接租约).
CREATE TABLE channel_hold (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  holder uuid NOT NULL,
  held_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, account_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account
);

-- The codes on assets and places (二维码): only those of the newest round open anything; how often they were scanned.
CREATE TABLE scan_code (
  tenant_id uuid NOT NULL REFERENCES organization,
  kind text NOT NULL CHECK (kind IN ('asset', 'site')),
  subject_id uuid NOT NULL,
  round int NOT NULL DEFAULT 0 CHECK (round >= 0),
  renewed_at timestamptz,
  scans int NOT NULL DEFAULT 0,
  last_scanned_at timestamptz,
  PRIMARY KEY (tenant_id, kind, subject_id)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['text_opt_out', 'channel_hold', 'scan_code']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
