-- Chat on websites (网页聊天): who writes there, and what passed with them as their page shows it.

-- A browser, or a user of the own site, that wrote or was asked who they are (网站访客).
CREATE TABLE chat_visitor (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  -- What the site calls its user, vouched for by its signature; null of whoever is nobody in particular.
  user_key text CHECK (length(user_key) BETWEEN 1 AND 200),
  -- What they said of themselves.
  name text CHECK (length(name) <= 100),
  email text CHECK (length(email) <= 320),
  phone text CHECK (length(phone) <= 40),
  language text NOT NULL,
  -- The page's origin that holds the chat; null on the program's own.
  origin text CHECK (length(origin) <= 300),
  -- {url, title, referrer} of the page they are on.
  page jsonb,
  -- Messages are numbered without gaps, in the order of their commits.
  last_seq bigint NOT NULL DEFAULT 0,
  -- Up to where somebody of the staff has had them before their eyes.
  staff_seen_seq bigint NOT NULL DEFAULT 0,
  -- Which tokens of theirs are good: raised when they sign in or out of the site, so that those given out before open nothing.
  token_round int NOT NULL DEFAULT 0,
  -- They are there until then, unless they are heard of again.
  online_until timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account
);
CREATE UNIQUE INDEX chat_visitor_user ON chat_visitor (tenant_id, account_id, user_key) WHERE user_key IS NOT NULL;

-- What passed with a visitor (聊天记录), as their page shows it: it comes by fetching, from a number on.
CREATE TABLE chat_message (
  tenant_id uuid NOT NULL,
  visitor_id uuid NOT NULL,
  seq bigint NOT NULL,
  id uuid NOT NULL,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  -- What its sender calls it: what comes twice is kept once.
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 100),
  body text NOT NULL,
  -- [{id, name, mediaType, size, width, height}]
  files jsonb NOT NULL DEFAULT '[]',
  author text,
  created_at timestamptz NOT NULL,
  -- Of answers: when the page had fetched it, and when it was before their eyes.
  delivered_at timestamptz,
  read_at timestamptz,
  PRIMARY KEY (tenant_id, visitor_id, seq),
  UNIQUE (tenant_id, visitor_id, direction, key),
  FOREIGN KEY (tenant_id, visitor_id) REFERENCES chat_visitor
);
-- What is old enough to be forgotten (保存期清理).
CREATE INDEX chat_message_created ON chat_message (created_at);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['chat_visitor', 'chat_message']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
