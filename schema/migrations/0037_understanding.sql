-- What is filled into a ticket by itself (自动填写): from the words of whoever wrote, and from other systems that are asked.

-- How an organization wants it; a row only where it was changed (受理设置).
CREATE TABLE intake_setting (
  tenant_id uuid PRIMARY KEY,
  -- Whether words are read at all, and whether the language model may sharpen what was read.
  understand boolean NOT NULL DEFAULT true,
  ask_llm boolean NOT NULL DEFAULT true,
  -- How its own order numbers look: masks.
  order_masks text[] NOT NULL DEFAULT '{}',
  -- How long what came in is kept: its bytes, and that it came at all.
  raw_days int NOT NULL DEFAULT 180 CHECK (raw_days BETWEEN 30 AND 3650),
  message_days int NOT NULL DEFAULT 400 CHECK (message_days BETWEEN 180 AND 3650),
  -- How long pages of visitors show what passed with them.
  chat_days int NOT NULL DEFAULT 365 CHECK (chat_days BETWEEN 30 AND 3650),
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz
);

-- Which words speak for which category, learned from the organization's own tickets (本地分类模型).
CREATE TABLE category_classifier (
  tenant_id uuid PRIMARY KEY,
  classifier jsonb NOT NULL,
  -- The newest change of a ticket that it was learned with, how many tickets that were, and of how many held out it was right.
  learned_at timestamptz NOT NULL,
  tickets int NOT NULL,
  held_out int NOT NULL,
  right_of_held_out int NOT NULL
);

-- What was guessed of a ticket and nobody has said so far (猜测).
CREATE TABLE ticket_guess (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  -- category, asset, address, name, phone, email, subject, priority, fields.<key>.
  field text NOT NULL CHECK (length(field) BETWEEN 1 AND 80),
  -- What was filled in: it stands as long as the ticket has it.
  value jsonb NOT NULL,
  words text NOT NULL,
  confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  source text NOT NULL CHECK (source IN ('rule', 'model', 'llm')),
  made_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  confirmed_by uuid,
  PRIMARY KEY (tenant_id, ticket_id, field),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);

CREATE INDEX ticket_guess_made ON ticket_guess (made_at);

-- Other systems that are asked about tickets (连接器).
CREATE TABLE connector (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  active boolean NOT NULL DEFAULT true,
  -- Only tickets of this type; of all when null.
  type_id uuid,
  settings jsonb NOT NULL,
  sealed bytea,
  mapping jsonb NOT NULL,
  version int NOT NULL DEFAULT 1,
  archived_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, type_id) REFERENCES ticket_type
);

-- What was asked for a ticket, of its words (source `words`) or of a connector (its id), and what came of it. A row is its own job.
CREATE TABLE ticket_completion (
  tenant_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 40),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'filled', 'nothing', 'failed')),
  due_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  -- Raised whenever it is asked for anew: what came of an older look does not end it.
  round int NOT NULL DEFAULT 1,
  -- How many fillings led to one another before it: systems that ask with what others fill in must not go on for ever.
  depth int NOT NULL DEFAULT 0,
  failure text,
  failure_detail text,
  -- What it filled in, by target; nothing else of the ticket is its to change.
  filled jsonb NOT NULL DEFAULT '{}',
  settled_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, source),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX ticket_completion_due ON ticket_completion (due_at) WHERE state = 'waiting';
CREATE INDEX ticket_completion_settled ON ticket_completion (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX ticket_completion_source ON ticket_completion (tenant_id, source, settled_at DESC) WHERE settled_at IS NOT NULL;

-- Answers of connectors, kept for as long as each of them says (连接器缓存).
CREATE TABLE connector_answer (
  tenant_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  -- SHA-256 of what was asked, the connector's version included.
  question text NOT NULL CHECK (length(question) = 64),
  answer jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, connector_id, question),
  FOREIGN KEY (tenant_id, connector_id) REFERENCES connector
);
CREATE INDEX connector_answer_expired ON connector_answer (expires_at);

-- What is old enough to be forgotten is found without looking at what was forgotten before (保存期清理).
CREATE INDEX inbox_message_bytes ON inbox_message (settled_at) WHERE raw IS NOT NULL AND settled_at IS NOT NULL;
CREATE INDEX outgoing_message_settled ON outgoing_message (settled_at) WHERE settled_at IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['intake_setting', 'category_classifier', 'ticket_guess', 'connector', 'ticket_completion', 'connector_answer']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
