-- Views, what lists and searches go by, and bulk runs.

-- A filter with columns and an order, kept under a name. Standard views come with the program and are not here.
CREATE TABLE ticket_view (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('shared', 'team', 'personal')),
  owner_id uuid,
  team_id uuid,
  name text NOT NULL,
  name_en text,
  icon text,
  filter jsonb NOT NULL,
  columns text[] NOT NULL DEFAULT '{}',
  sort text NOT NULL,
  grouping text,
  position int NOT NULL,
  version int NOT NULL DEFAULT 1,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team,
  FOREIGN KEY (tenant_id, created_by) REFERENCES staff,
  CHECK ((kind = 'personal') = (owner_id IS NOT NULL)),
  CHECK ((kind = 'team') = (team_id IS NOT NULL))
);
CREATE INDEX ticket_view_shared ON ticket_view (tenant_id, position, id) WHERE kind = 'shared';
CREATE INDEX ticket_view_team ON ticket_view (tenant_id, team_id, position, id) WHERE kind = 'team';
CREATE INDEX ticket_view_owner ON ticket_view (tenant_id, owner_id, position, id) WHERE kind = 'personal';

-- A person's own star on a view: the id of one, or the key of a standard one.
CREATE TABLE ticket_view_favourite (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  view text NOT NULL,
  position int NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, view),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

-- Row-level security lets only leakproof operators look into an index, and those of arrays and documents are not. What
-- lists go by of which a ticket has several stands in tables of its own, kept in the transaction that changes the
-- ticket. The keys are in the order of the lists, so they need no other index.
CREATE TABLE ticket_tag (
  tenant_id uuid NOT NULL,
  tag text NOT NULL,
  created_at timestamptz NOT NULL,
  ticket_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, tag, created_at, ticket_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE TABLE ticket_participant (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  ticket_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, created_at, ticket_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
-- Values of the fields that are marked as indexed, as texts that sort as the values do.
CREATE TABLE ticket_field (
  tenant_id uuid NOT NULL,
  type_id uuid NOT NULL,
  field text NOT NULL,
  value text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  ticket_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, type_id, field, value, created_at, ticket_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
-- Which fields those are; `ready` once the tickets that were there before are in, too.
CREATE TABLE indexed_field (
  tenant_id uuid NOT NULL,
  type_id uuid NOT NULL,
  field text NOT NULL,
  kind text NOT NULL,
  ready boolean NOT NULL DEFAULT false,
  marked_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, type_id, field),
  FOREIGN KEY (tenant_id, type_id) REFERENCES ticket_type
);

-- One index for each way a list is asked for, in the order in which it is shown.
CREATE INDEX ticket_assignee ON ticket (tenant_id, assignee_id, created_at DESC, id DESC);
CREATE INDEX ticket_creator ON ticket (tenant_id, created_by_id, created_at DESC, id DESC) WHERE created_by_kind IN ('staff', 'api_key');
CREATE INDEX ticket_team ON ticket (tenant_id, team_id, created_at DESC, id DESC);
CREATE INDEX ticket_department ON ticket (tenant_id, department_id, created_at DESC, id DESC);
CREATE INDEX ticket_unfinished_department ON ticket (tenant_id, department_id, created_at DESC, id DESC) WHERE status IN ('new', 'open', 'waiting');
CREATE INDEX ticket_channel ON ticket (tenant_id, channel, created_at DESC, id DESC);
CREATE INDEX ticket_of_type ON ticket (tenant_id, type_id, created_at DESC, id DESC);
CREATE INDEX ticket_priority ON ticket (tenant_id, priority, created_at DESC, id DESC) WHERE priority <> 3;
CREATE INDEX ticket_settled ON ticket (tenant_id, status, created_at DESC, id DESC) WHERE status IN ('resolved', 'cancelled');
CREATE INDEX ticket_resolved ON ticket (tenant_id, resolved_at DESC, id DESC) WHERE resolved_at IS NOT NULL;

-- The newest first, as searches want them.
CREATE INDEX ticket_search_newest ON ticket_search (tenant_id, created_at DESC, ticket_id DESC);

-- What is done to many tickets at once, and what became of each.
CREATE TABLE bulk_run (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  -- How it was asked for: an API key may be narrower than its owner.
  via text NOT NULL,
  only_permissions text[],
  action jsonb NOT NULL,
  -- Tells whether the same request comes a second time.
  request_hash bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
  total int NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE INDEX bulk_run_staff ON bulk_run (tenant_id, staff_id, created_at DESC, id DESC);
CREATE TABLE bulk_item (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  place int NOT NULL,
  ticket_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('pending', 'done', 'unchanged', 'refused', 'failed')),
  -- The refusal with its parameters; the sentence is made for whoever reads it.
  refusal jsonb,
  PRIMARY KEY (tenant_id, run_id, place),
  FOREIGN KEY (tenant_id, run_id) REFERENCES bulk_run ON DELETE CASCADE
);
CREATE INDEX bulk_item_outcome ON bulk_item (tenant_id, run_id, outcome, place);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ticket_view', 'ticket_view_favourite', 'ticket_tag', 'ticket_participant', 'ticket_field', 'indexed_field', 'bulk_run', 'bulk_item']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;

-- What is there already.
SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';
INSERT INTO ticket_tag (tenant_id, tag, created_at, ticket_id)
SELECT DISTINCT t.tenant_id, tag, t.created_at, t.id FROM ticket t CROSS JOIN unnest(t.tags) tag;
INSERT INTO ticket_participant (tenant_id, staff_id, created_at, ticket_id)
SELECT DISTINCT t.tenant_id, staff_id, t.created_at, t.id FROM ticket t CROSS JOIN unnest(t.participant_ids) staff_id;

-- Words are looked for within one organization and a stretch of time: their rows are marked with both, as words that
-- nobody can type (rules/text/marks.ts).
UPDATE ticket_search SET words = words || array_to_tsvector(ARRAY[
  '~' || replace(tenant_id::text, '-', ''),
  '~' || replace(tenant_id::text, '-', '') || '/' || floor(extract(epoch FROM created_at) / 2764800)::int]);

-- Tickets of one organization with some words, past row-level security like tickets_with_words: the newest or the oldest
-- behind a place, or any, as long as they are few.
CREATE FUNCTION newest_tickets_with_words(tenant uuid, looked_for tsquery, before timestamptz, before_id uuid, most int) RETURNS TABLE (ticket_id uuid, created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp
  AS 'SELECT s.ticket_id, s.created_at FROM ticket_search s
      WHERE s.tenant_id = tenant AND s.words @@ looked_for AND (s.created_at, s.ticket_id) < (before, before_id)
      ORDER BY s.created_at DESC, s.ticket_id DESC LIMIT most';
CREATE FUNCTION oldest_tickets_with_words(tenant uuid, looked_for tsquery, after timestamptz, after_id uuid, most int) RETURNS TABLE (ticket_id uuid, created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp
  AS 'SELECT s.ticket_id, s.created_at FROM ticket_search s
      WHERE s.tenant_id = tenant AND s.words @@ looked_for AND (s.created_at, s.ticket_id) > (after, after_id)
      ORDER BY s.created_at, s.ticket_id LIMIT most';
CREATE FUNCTION some_tickets_with_words(tenant uuid, looked_for tsquery, most int) RETURNS TABLE (ticket_id uuid, created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp
  AS 'SELECT s.ticket_id, s.created_at FROM ticket_search s WHERE s.tenant_id = tenant AND s.words @@ looked_for LIMIT most';

-- Whoever keeps the settings or leads a department shares views with teams.
UPDATE role SET grants = grants || '[{"permission": "view.share", "scope": "organization"}]' WHERE key = 'administrator' AND NOT grants @> '[{"permission": "view.share"}]';
UPDATE role SET grants = grants || '[{"permission": "view.share", "scope": "department"}]' WHERE key = 'manager' AND NOT grants @> '[{"permission": "view.share"}]';
UPDATE organization SET configuration_version = configuration_version + 1;
