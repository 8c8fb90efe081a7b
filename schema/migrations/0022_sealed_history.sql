-- The fact log under seal, and the words of old tickets made anew.

SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';

-- Up to here facts were written before they were sealed with a key (docs/decisions/0018-sealed-history.md).
ALTER TABLE organization ADD COLUMN unsealed_until bigint NOT NULL DEFAULT 0;
UPDATE organization o SET unsealed_until = coalesce((SELECT max(position) FROM fact f WHERE f.tenant_id = o.tenant_id), 0);

-- What all facts of an organization between two positions are, in one seal that holds the one before: no transaction can
-- still write between them when it is made. Rows are added only.
CREATE TABLE fact_anchor (
  tenant_id uuid NOT NULL REFERENCES organization,
  number int NOT NULL,
  from_position bigint NOT NULL,
  to_position bigint NOT NULL,
  facts int NOT NULL,
  digest bytea NOT NULL,
  seal bytea NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, number)
);

-- How far back the words of an organization's tickets were written anew; the row goes when all are.
CREATE TABLE search_refill (
  tenant_id uuid NOT NULL REFERENCES organization,
  created_at timestamptz NOT NULL,
  ticket_id uuid NOT NULL,
  PRIMARY KEY (tenant_id)
);
INSERT INTO search_refill (tenant_id, created_at, ticket_id) SELECT tenant_id, 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff' FROM organization;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['fact_anchor', 'search_refill']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
