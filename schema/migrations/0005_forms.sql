-- Ticket types whose forms are published in versions, statuses of an organization's own, templates, and records that can
-- be archived. The audit trail can be asked by time, kind, actor and subject.

ALTER TABLE organization ADD COLUMN version int NOT NULL DEFAULT 1;
ALTER TABLE department ADD COLUMN active boolean NOT NULL DEFAULT true;
ALTER TABLE team
  ADD COLUMN active boolean NOT NULL DEFAULT true,
  ADD COLUMN lead_id uuid,
  ADD FOREIGN KEY (tenant_id, lead_id) REFERENCES staff;
ALTER TABLE role ADD COLUMN active boolean NOT NULL DEFAULT true;
ALTER TABLE category ADD COLUMN active boolean NOT NULL DEFAULT true;
-- Lists and imports look for the children of a category.
CREATE INDEX category_parent ON category (tenant_id, parent_id, position);
CREATE INDEX staff_department ON staff (tenant_id, department_id) WHERE department_id IS NOT NULL;

ALTER TABLE ticket_type
  ADD COLUMN description text,
  -- Whether customers may choose it at the portal; the default one they can always.
  ADD COLUMN offered boolean NOT NULL DEFAULT false,
  ADD COLUMN active boolean NOT NULL DEFAULT true,
  ADD COLUMN position int NOT NULL DEFAULT 0,
  -- The published version of its form.
  ADD COLUMN form_version int NOT NULL DEFAULT 1,
  -- The form as it is being worked on; null where nothing waits to be published. Its version only rises, so that who
  -- saves an old draft is told so even after it was published or thrown away.
  ADD COLUMN draft jsonb,
  ADD COLUMN draft_version int NOT NULL DEFAULT 1,
  ADD COLUMN draft_based_on int,
  ADD COLUMN draft_changed_at timestamptz,
  ADD COLUMN draft_changed_by uuid,
  ADD FOREIGN KEY (tenant_id, draft_changed_by) REFERENCES staff;

-- Every form that was ever published. Rows are never changed: tickets say by number which one they were made with.
CREATE TABLE form_version (
  tenant_id uuid NOT NULL,
  type_id uuid NOT NULL,
  number int NOT NULL,
  form jsonb NOT NULL,
  note text,
  -- The earlier version that was published anew.
  restored int,
  published_by uuid,
  published_by_name text,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, type_id, number),
  FOREIGN KEY (tenant_id, type_id) REFERENCES ticket_type
);

-- A status of an organization's own, in one of the fixed classes.
CREATE TABLE ticket_status (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  class text NOT NULL CHECK (class IN ('new', 'open', 'waiting', 'resolved', 'closed', 'cancelled')),
  name text NOT NULL,
  name_en text,
  color text NOT NULL,
  waiting_for text,
  active boolean NOT NULL DEFAULT true,
  position int NOT NULL,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK ((class = 'waiting') = (waiting_for IS NOT NULL))
);

ALTER TABLE ticket
  ADD COLUMN status_id uuid,
  -- No foreign key: forms are never taken away, and creating tickets is the hottest path.
  ADD COLUMN form_version int NOT NULL DEFAULT 1,
  ADD FOREIGN KEY (tenant_id, status_id) REFERENCES ticket_status;
CREATE INDEX ticket_own_status ON ticket (tenant_id, status_id, created_at DESC, id DESC) WHERE status_id IS NOT NULL;

-- What a new ticket can start from.
CREATE TABLE ticket_template (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  name_en text,
  type_id uuid NOT NULL,
  subject text,
  description text,
  category_id uuid,
  team_id uuid,
  priority smallint CHECK (priority BETWEEN 1 AND 4),
  fields jsonb NOT NULL,
  tags text[] NOT NULL DEFAULT '{}',
  checklist text[] NOT NULL DEFAULT '{}',
  -- Checklist templates that are put onto the ticket.
  checklist_ids uuid[] NOT NULL DEFAULT '{}',
  active boolean NOT NULL DEFAULT true,
  position int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, type_id) REFERENCES ticket_type,
  FOREIGN KEY (tenant_id, category_id) REFERENCES category,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team
);

-- The audit trail, newest first: all of it, and by what one asks for.
CREATE INDEX fact_recorded ON fact (tenant_id, recorded_at, position);
CREATE INDEX fact_kind ON fact (tenant_id, kind, recorded_at, position);
CREATE INDEX fact_actor ON fact (tenant_id, actor_id, recorded_at, position) WHERE actor_id IS NOT NULL;
CREATE INDEX fact_subject ON fact (tenant_id, subject_id, recorded_at, position) WHERE subject_id IS NOT NULL;

-- Up to now a type's fields were JSON Schemas by name. Each becomes a field of the kind that says the same; what was
-- not asked for by a schema of these shapes becomes a text. The rows below are written as the program's own work.
SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';
INSERT INTO form_version (tenant_id, type_id, number, form, published_at)
SELECT t.tenant_id, t.id, 1, jsonb_build_object('fields', coalesce((
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'key', f.key,
        'label', jsonb_strip_nulls(jsonb_build_object('zh', left(coalesce(nullif(f.schema ->> 'title', ''), f.key), 100))),
        'help', CASE WHEN nullif(f.schema ->> 'description', '') IS NOT NULL THEN jsonb_build_object('zh', left(f.schema ->> 'description', 1000)) END,
        'kind', f.kind,
        'minLength', CASE WHEN f.kind = 'text' AND f.schema -> 'minLength' <= '500' THEN f.schema -> 'minLength' END,
        'maxLength', CASE WHEN f.kind = 'text' AND f.schema -> 'maxLength' <= '500' OR f.kind = 'long_text' AND f.schema -> 'maxLength' <= '20000' THEN f.schema -> 'maxLength' END,
        'format', CASE WHEN f.kind = 'text' AND f.schema ->> 'format' = 'email' THEN 'email' WHEN f.kind = 'text' AND f.schema ->> 'format' = 'uri' THEN 'url' END,
        'min', CASE WHEN f.kind = 'number' THEN f.schema -> 'minimum' END,
        'max', CASE WHEN f.kind = 'number' THEN f.schema -> 'maximum' END,
        'decimals', CASE WHEN f.kind = 'number' AND f.schema ->> 'type' = 'number' THEN 6 END,
        'options', CASE WHEN f.kind IN ('choice', 'choices') THEN (
          SELECT jsonb_agg(jsonb_build_object('key', o.value, 'label', jsonb_build_object('zh', left(o.value, 100))) ORDER BY o.ordinality)
          FROM jsonb_array_elements_text(coalesce(f.schema -> 'enum', f.schema -> 'items' -> 'enum')) WITH ORDINALITY o) END
      )) ORDER BY f.ordinality)
    FROM (
      SELECT e.key, e.value AS schema, e.ordinality, CASE
        WHEN e.value ->> 'type' = 'boolean' THEN 'boolean'
        WHEN e.value ->> 'type' IN ('number', 'integer') THEN 'number'
        WHEN e.value ->> 'type' = 'string' AND e.value ->> 'format' = 'date' THEN 'date'
        WHEN e.value ->> 'type' = 'string' AND e.value ->> 'format' = 'date-time' THEN 'date_time'
        WHEN coalesce(e.value ->> 'type', 'string') = 'string' AND jsonb_typeof(e.value -> 'enum') = 'array'
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(e.value -> 'enum') o WHERE jsonb_typeof(o.value) <> 'string' OR o.value #>> '{}' !~ '^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$') THEN 'choice'
        WHEN e.value ->> 'type' = 'array' AND jsonb_typeof(e.value -> 'items' -> 'enum') = 'array'
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(e.value -> 'items' -> 'enum') o WHERE jsonb_typeof(o.value) <> 'string' OR o.value #>> '{}' !~ '^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$') THEN 'choices'
        WHEN e.value ->> 'type' = 'string' AND coalesce((e.value ->> 'maxLength')::numeric, 500) > 500 THEN 'long_text'
        ELSE 'text' END AS kind
      FROM jsonb_each(CASE WHEN jsonb_typeof(t.definition -> 'fields') = 'object' THEN t.definition -> 'fields' ELSE '{}' END) WITH ORDINALITY e
      WHERE e.key ~ '^[a-z][a-zA-Z0-9_]{0,62}$'
    ) f), '[]')), t.created_at
FROM ticket_type t;
UPDATE ticket_type SET definition = definition - 'fields';

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['form_version', 'ticket_status', 'ticket_template']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
