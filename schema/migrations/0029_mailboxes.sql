-- Why somebody let a message that was put aside be (弃置原因).
ALTER TABLE inbox_message ADD COLUMN note text;

-- How far a mailbox has been read (邮箱读取进度): the numbers of mails are good only as long as their validity is.
CREATE TABLE mailbox_place (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  mailbox text NOT NULL CHECK (length(mailbox) BETWEEN 1 AND 200),
  uid_validity bigint NOT NULL,
  -- The number of the newest mail that was kept.
  last_uid bigint NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, account_id, mailbox),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account
);
ALTER TABLE mailbox_place ENABLE ROW LEVEL SECURITY;
ALTER TABLE mailbox_place FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mailbox_place USING (
  tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid
  OR current_setting('app.tenant', true) = '00000000-0000-0000-0000-000000000000');
