-- What the pages of customers need beside 0008: which way to reach somebody is tried first, what a merge took over,
-- accounts that belong to accounts.

-- One of each kind at most, of a customer: what is shown in lists and used first.
ALTER TABLE contact_point ADD COLUMN preferred boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX contact_point_preferred ON contact_point (tenant_id, customer_id, kind) WHERE preferred;

-- What the other customer took over of this one when they were merged: by column what stood there before and since, so
-- that undoing the merge puts back what nobody has changed meanwhile.
ALTER TABLE customer ADD COLUMN merge_taken jsonb;

-- The company above a subsidiary, the community above its buildings.
ALTER TABLE account
  ADD COLUMN parent_id uuid,
  ADD CHECK (parent_id <> id),
  ADD FOREIGN KEY (tenant_id, parent_id) REFERENCES account;
CREATE INDEX account_parent ON account (tenant_id, parent_id, name, id) WHERE parent_id IS NOT NULL;
