-- What flows wait for, told apart from what was before; a key of one's own for the calls of rules; no secrets in facts.

SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';

-- What could be seen when a flow began to wait was before it. Numbers of transactions cannot tell: one that took its number
-- early may write late. Null for what waited before there was this column.
ALTER TABLE flow_wait ADD COLUMN snapshot pg_snapshot;
ALTER TABLE flow_wait ALTER COLUMN snapshot SET DEFAULT pg_current_snapshot();

-- The key by which calls of rules are signed, once it was changed; until then it derives from SECRET_KEY. Both are sealed. The
-- one before signs as well until a moment, so that those who are called have time to take over the new one.
CREATE TABLE automation_signing (
  tenant_id uuid PRIMARY KEY REFERENCES organization,
  sealed_key bytea NOT NULL,
  sealed_previous bytea,
  previous_until timestamptz,
  changed_at timestamptz NOT NULL,
  version int NOT NULL
);
ALTER TABLE automation_signing ENABLE ROW LEVEL SECURITY;
ALTER TABLE automation_signing FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON automation_signing USING (
  tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid
  OR current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');

-- Nobody may change facts, the owner included, but here: the start that carries this out takes the right away again.
GRANT UPDATE ON fact TO CURRENT_USER;
-- Headers of calls stood in the facts of their rules as they were written. What they said is taken out; found by fact_kind.
UPDATE fact SET data = regexp_replace(data::text, '"headers": \{("([^"\\]|\\.)*": "([^"\\]|\\.)*"(, )?)*\}', '"headers": {}', 'g')::jsonb
WHERE tenant_id IN (SELECT tenant_id FROM organization) AND kind IN ('automation_rule.changed', 'automation_rule.published') AND data::text LIKE '%"headers": {"%';
