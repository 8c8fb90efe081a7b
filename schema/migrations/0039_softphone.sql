-- A telephone in the browser (软电话), calls kept as long as the organization says, and who reported to a hotline.

-- Who somebody is on the telephone system's SIP server; the password is sealed.
ALTER TABLE phone_line ADD COLUMN sip_user text CHECK (length(sip_user) BETWEEN 1 AND 80), ADD COLUMN sealed_sip_password bytea;

-- How long calls, their recordings and words are kept.
ALTER TABLE intake_setting ADD COLUMN call_days int NOT NULL DEFAULT 365 CHECK (call_days BETWEEN 30 AND 3650);

-- Who hears that the hotline did not take it.
ALTER TABLE hotline_report ADD COLUMN made_by_id uuid;

CREATE INDEX call_started ON call (tenant_id, started_at);
CREATE INDEX call_history ON call (tenant_id, customer_id, started_at DESC, id DESC) WHERE customer_id IS NOT NULL;
