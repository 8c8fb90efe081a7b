-- An agent's desk: watchers, canned replies, macros, held replies, drafts, notifications, preferences, absences.

-- Who follows a ticket without having it. Keyed in the order of lists (the ticket's own created_at), like ticket_participant.
CREATE TABLE ticket_watcher (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  ticket_id uuid NOT NULL,
  watched_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, created_at, ticket_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE UNIQUE INDEX ticket_watcher_ticket ON ticket_watcher (tenant_id, ticket_id, staff_id);

CREATE TABLE canned_reply (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('shared', 'team', 'personal')),
  owner_id uuid,
  team_id uuid,
  name text NOT NULL,
  shortcut text,
  category text,
  body text NOT NULL,
  use_count int NOT NULL DEFAULT 0,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team,
  CHECK ((kind = 'personal') = (owner_id IS NOT NULL)),
  CHECK ((kind = 'team') = (team_id IS NOT NULL))
);
CREATE INDEX canned_reply_list ON canned_reply (tenant_id, active, id DESC);

CREATE TABLE macro (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('shared', 'team', 'personal')),
  owner_id uuid,
  team_id uuid,
  name text NOT NULL,
  description text,
  steps jsonb NOT NULL,
  condition jsonb,
  use_count int NOT NULL DEFAULT 0,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team,
  CHECK ((kind = 'personal') = (owner_id IS NOT NULL)),
  CHECK ((kind = 'team') = (team_id IS NOT NULL))
);
CREATE INDEX macro_list ON macro (tenant_id, active, id DESC);
-- What a macro said at each of its versions.
CREATE TABLE macro_version (
  tenant_id uuid NOT NULL,
  macro_id uuid NOT NULL,
  version int NOT NULL,
  definition jsonb NOT NULL,
  changed_by uuid,
  changed_by_name text,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, macro_id, version),
  FOREIGN KEY (tenant_id, macro_id) REFERENCES macro
);

-- What somebody wrote and may still take back. `sent` ones are kept for a while, so that who comes too late is told so.
CREATE TABLE held_reply (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  -- How it was asked for: an API key may be narrower than its owner.
  via text NOT NULL,
  only_permissions text[],
  body jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('held', 'sent', 'failed')),
  -- The refusal with its parameters; the sentence is made for whoever reads it.
  refusal jsonb,
  message_id uuid,
  created_at timestamptz NOT NULL,
  release_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE INDEX held_reply_staff ON held_reply (tenant_id, staff_id, id) WHERE state IN ('held', 'failed');
CREATE INDEX held_reply_sent ON held_reply (settled_at) WHERE state = 'sent';

CREATE TABLE draft (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  place text NOT NULL,
  content jsonb NOT NULL,
  version int NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, place),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE INDEX draft_updated ON draft (updated_at);

-- What a person is told of. One a fact and person: a fact that is read again tells nobody twice.
CREATE TABLE notification (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  id uuid NOT NULL,
  reason text NOT NULL,
  ticket_id uuid,
  fact_position bigint NOT NULL,
  fact_kind text NOT NULL,
  actor_name text,
  preview text,
  -- The absent colleague it was meant for.
  for_id uuid,
  created_at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (tenant_id, staff_id, id),
  UNIQUE (tenant_id, staff_id, fact_position),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, for_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX notification_unread ON notification (tenant_id, staff_id, id DESC) WHERE read_at IS NULL;
CREATE INDEX notification_created ON notification (created_at);

CREATE TABLE staff_preference (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  preferences jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, staff_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

-- When somebody is away and who covers. Nothing starts or ends it: it is looked at whenever somebody is identified.
CREATE TABLE absence (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  cover_id uuid,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  note text,
  cancelled_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, cover_id) REFERENCES staff,
  CHECK (starts_at <= ends_at),
  CHECK (cover_id <> staff_id)
);
CREATE INDEX absence_staff ON absence (tenant_id, staff_id, ends_at) WHERE cancelled_at IS NULL;
CREATE INDEX absence_cover ON absence (tenant_id, cover_id, ends_at) WHERE cancelled_at IS NULL AND cover_id IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ticket_watcher', 'canned_reply', 'macro', 'macro_version', 'held_reply', 'draft', 'notification', 'staff_preference', 'absence']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;

-- Whoever keeps the settings or leads a department shares replies and macros with teams.
SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';
UPDATE role SET grants = grants || '[{"permission": "macro.share", "scope": "organization"}]' WHERE key = 'administrator' AND NOT grants @> '[{"permission": "macro.share"}]';
UPDATE role SET grants = grants || '[{"permission": "macro.share", "scope": "department"}]' WHERE key = 'manager' AND NOT grants @> '[{"permission": "macro.share"}]';
UPDATE organization SET configuration_version = configuration_version + 1;
