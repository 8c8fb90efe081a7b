-- Receipts of text messages, and failures by a stable word.

-- What became of a message is told by the name the platform gave it.
CREATE INDEX notice_delivery_provider ON notice_delivery (tenant_id, provider_id) WHERE provider_id IS NOT NULL;

-- Why, in a word that every language has a sentence for; what the other side said stands beside it.
ALTER TABLE notice_delivery ADD COLUMN problem_code text;
ALTER TABLE notice_account ADD COLUMN last_failure_code text;
