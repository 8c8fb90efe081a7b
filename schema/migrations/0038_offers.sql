-- Tickets offered to several people at once, or to one after another (抢单、依次派单).

-- How a team gives out its tickets, by type; the usual way where there is no row.
CREATE TABLE dispatch_mode (
  tenant_id uuid NOT NULL REFERENCES organization,
  team_id uuid NOT NULL,
  -- Null: the usual ones again.
  settings jsonb,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, team_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team
);

CREATE TABLE offer (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  -- Whose people it is offered to; null: everybody's.
  team_id uuid,
  mode text NOT NULL CHECK (mode IN ('grab', 'in_turn', 'by_load', 'nearest', 'best_match')),
  -- Rings, limits and whom to tell in the end, as the team had them when it was opened.
  plan jsonb NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'withdrawn', 'lapsed')),
  ring int NOT NULL DEFAULT 0,
  -- When it goes on by itself; null once it is over.
  next_at timestamptz,
  window_start timestamptz,
  window_end timestamptz,
  note text CHECK (length(note) <= 1000),
  -- Opened by the program, as the team's mode says.
  automatic boolean NOT NULL DEFAULT false,
  opened_at timestamptz NOT NULL,
  opened_by uuid,
  opened_by_name text,
  taken_by uuid,
  taken_by_name text,
  ended_at timestamptz,
  ended_by_name text,
  ended_reason text CHECK (length(ended_reason) <= 1000),
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, team_id) REFERENCES team,
  FOREIGN KEY (tenant_id, opened_by) REFERENCES staff,
  FOREIGN KEY (tenant_id, taken_by) REFERENCES staff,
  CHECK ((state = 'taken') = (taken_by IS NOT NULL)),
  CHECK (state = 'open' OR next_at IS NULL)
);
CREATE UNIQUE INDEX offer_open ON offer (tenant_id, ticket_id) WHERE state = 'open';
CREATE INDEX offer_ticket ON offer (tenant_id, ticket_id, id DESC);
CREATE INDEX offer_state ON offer (tenant_id, state, id DESC);
-- For what forgets them.
CREATE INDEX offer_ended ON offer (ended_at) WHERE ended_at IS NOT NULL;

-- Whom it was offered to, and what they said.
CREATE TABLE offer_candidate (
  tenant_id uuid NOT NULL REFERENCES organization,
  offer_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  -- passed: the time was over before they answered; missed: the offer ended otherwise.
  state text NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'declined', 'passed', 'missed', 'taken')),
  ring int NOT NULL,
  place int NOT NULL,
  score double precision NOT NULL,
  metres int,
  travel_seconds int,
  starts_from text NOT NULL,
  -- When they could be there, as it was reckoned then.
  begins_at timestamptz NOT NULL,
  offered_at timestamptz NOT NULL,
  answered_at timestamptz,
  reason text CHECK (length(reason) <= 1000),
  PRIMARY KEY (tenant_id, offer_id, staff_id),
  FOREIGN KEY (tenant_id, offer_id) REFERENCES offer,
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE INDEX offer_candidate_staff ON offer_candidate (tenant_id, staff_id, offered_at DESC);
CREATE INDEX offer_candidate_open ON offer_candidate (tenant_id, staff_id, offer_id) WHERE state = 'offered';

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['dispatch_mode', 'offer', 'offer_candidate']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
