-- Working together on tickets: merging, links, splitting, checklists, conversations beside a ticket.

-- Merging is an alias: a merged ticket stays what it is, and whoever comes to it is led on. parent_id makes the tree of
-- parents and children; both together never form a circle. The counts of the checklist stand here so that lists need
-- not look at its items.
ALTER TABLE ticket
  ADD COLUMN merged_into uuid,
  ADD COLUMN parent_id uuid,
  ADD COLUMN checklist_total int NOT NULL DEFAULT 0,
  ADD COLUMN checklist_done int NOT NULL DEFAULT 0,
  ADD FOREIGN KEY (tenant_id, merged_into) REFERENCES ticket,
  ADD FOREIGN KEY (tenant_id, parent_id) REFERENCES ticket,
  ADD CONSTRAINT ticket_merged_elsewhere CHECK (merged_into <> id),
  ADD CONSTRAINT ticket_parent_other CHECK (parent_id <> id);
CREATE INDEX ticket_merged_into ON ticket (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX ticket_parent ON ticket (tenant_id, parent_id, id) WHERE parent_id IS NOT NULL;

-- What a merge changed, so that it can be undone. `before`: columns of the source as they were; `moved`: what it changed
-- elsewhere (visits, participants, the timer of silence).
CREATE TABLE ticket_merge (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  source_id uuid NOT NULL,
  target_id uuid NOT NULL,
  before jsonb NOT NULL,
  moved jsonb NOT NULL,
  merged_at timestamptz NOT NULL,
  undone_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, target_id) REFERENCES ticket
);
CREATE INDEX ticket_merge_source ON ticket_merge (tenant_id, source_id, merged_at);
CREATE UNIQUE INDEX ticket_merge_current ON ticket_merge (tenant_id, source_id) WHERE undone_at IS NULL;

-- Links without a tree. `related` has no direction: it runs from the smaller id to the larger.
CREATE TABLE ticket_link (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('related', 'duplicate_of', 'blocks')),
  other_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, kind, other_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, other_id) REFERENCES ticket,
  CHECK (ticket_id <> other_id AND (kind <> 'related' OR ticket_id < other_id))
);
CREATE INDEX ticket_link_other ON ticket_link (tenant_id, other_id, kind, ticket_id);

-- What a fact of a parent has done to its children: one row a child, in the transaction of the effect, so that a job
-- that is run again finds what is done.
CREATE TABLE child_effect (
  tenant_id uuid NOT NULL REFERENCES organization,
  fact_position bigint NOT NULL,
  ticket_id uuid NOT NULL,
  outcome text NOT NULL,
  done_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, fact_position, ticket_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);

-- from_ticket_id: the merged ticket it was written to; copied_from: the message it is a copy of; parent_ticket_id: the
-- ticket whose children it was sent to.
ALTER TABLE message
  ADD COLUMN from_ticket_id uuid,
  ADD COLUMN copied_from uuid,
  ADD COLUMN parent_ticket_id uuid,
  ADD FOREIGN KEY (tenant_id, from_ticket_id) REFERENCES ticket,
  ADD FOREIGN KEY (tenant_id, copied_from) REFERENCES message,
  ADD FOREIGN KEY (tenant_id, parent_ticket_id) REFERENCES ticket;
CREATE INDEX message_from_ticket ON message (tenant_id, from_ticket_id, id) WHERE from_ticket_id IS NOT NULL;

CREATE TABLE checklist_template (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  name_en text,
  items text[] NOT NULL DEFAULT '{}',
  -- New tickets of these types get it by themselves.
  ticket_type_ids uuid[] NOT NULL DEFAULT '{}',
  required boolean NOT NULL DEFAULT false,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE checklist_item (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  id uuid NOT NULL,
  position int NOT NULL,
  text text NOT NULL,
  required boolean NOT NULL DEFAULT false,
  done_at timestamptz,
  done_by_id uuid,
  done_by_name text,
  assignee_id uuid,
  due_at timestamptz,
  template_id uuid,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, assignee_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, template_id) REFERENCES checklist_template
);

CREATE TABLE side_conversation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  subject text NOT NULL,
  team_id uuid,
  department_id uuid,
  address text,
  address_name text,
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  opened_by_id uuid,
  opened_by_name text,
  message_count int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  last_message_at timestamptz NOT NULL,
  closed_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team,
  FOREIGN KEY (tenant_id, department_id) REFERENCES department,
  CHECK (num_nonnulls(team_id, department_id, address) = 1)
);
CREATE INDEX side_conversation_ticket ON side_conversation (tenant_id, ticket_id, id);
CREATE INDEX side_conversation_team ON side_conversation (tenant_id, team_id, id DESC) WHERE team_id IS NOT NULL;
CREATE INDEX side_conversation_department ON side_conversation (tenant_id, department_id, id DESC) WHERE department_id IS NOT NULL;

CREATE TABLE side_message (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  direction text NOT NULL CHECK (direction IN ('internal', 'outbound', 'inbound')),
  author_kind text NOT NULL,
  author_id uuid,
  author_name text,
  body text NOT NULL,
  -- Copies {author, at, body}: what is quoted stays as it was, and shows nothing else of the ticket.
  quotes jsonb NOT NULL,
  -- Files of the ticket that are shown in this thread.
  file_ids uuid[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES side_conversation
);
CREATE INDEX side_message_conversation ON side_message (tenant_id, conversation_id, id);
CREATE INDEX side_message_files ON side_message USING gin (file_ids) WHERE file_ids <> '{}';

-- Mail that is to leave: written in the transaction of what it tells of, taken from here by whoever sends it.
CREATE TABLE outgoing_message (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  channel text NOT NULL CHECK (channel = ANY (ARRAY['email'])),
  ticket_id uuid,
  side_message_id uuid,
  recipient_address text NOT NULL,
  recipient_name text,
  subject text NOT NULL,
  body text NOT NULL,
  file_ids uuid[] NOT NULL DEFAULT '{}',
  state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
  attempts int NOT NULL DEFAULT 0,
  failure text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, side_message_id) REFERENCES side_message
);
CREATE INDEX outgoing_message_waiting ON outgoing_message (tenant_id, id) WHERE state IN ('queued', 'sending');
CREATE UNIQUE INDEX outgoing_message_side ON outgoing_message (tenant_id, side_message_id) WHERE side_message_id IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ticket_merge', 'ticket_link', 'child_effect', 'checklist_template', 'checklist_item', 'side_conversation', 'side_message', 'outgoing_message']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
