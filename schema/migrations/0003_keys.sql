-- A key made with another key ends with it.
ALTER TABLE api_key
  ADD COLUMN made_by uuid,
  ADD FOREIGN KEY (tenant_id, made_by) REFERENCES api_key;
CREATE INDEX api_key_made_by ON api_key (tenant_id, made_by) WHERE made_by IS NOT NULL;

-- Whoever signs in belongs to no organization yet: their keys stand under the number that stands for all of them.
ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_tenant_id_fkey;
