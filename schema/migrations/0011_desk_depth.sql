-- Conversations beside tickets: whose answer is awaited, and notices of them.

SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000';

ALTER TABLE side_conversation ADD COLUMN awaits text CHECK (awaits IN ('asked', 'asker'));
UPDATE side_conversation c SET awaits = CASE WHEN last.direction <> 'inbound' AND last.author_id IS NOT DISTINCT FROM c.opened_by_id THEN 'asked' ELSE 'asker' END
  FROM (SELECT DISTINCT ON (tenant_id, conversation_id) tenant_id, conversation_id, direction, author_id FROM side_message ORDER BY tenant_id, conversation_id, id DESC) last
  WHERE last.tenant_id = c.tenant_id AND last.conversation_id = c.id;
UPDATE side_conversation SET awaits = 'asked' WHERE awaits IS NULL;
ALTER TABLE side_conversation ALTER COLUMN awaits SET NOT NULL;
CREATE INDEX side_conversation_opener ON side_conversation (tenant_id, opened_by_id, id DESC) WHERE opened_by_id IS NOT NULL;

ALTER TABLE notification ADD COLUMN side_conversation_id uuid;
ALTER TABLE notification ADD FOREIGN KEY (tenant_id, side_conversation_id) REFERENCES side_conversation;

-- Customers of which tiers press: data of the organization, no list in the program.
ALTER TABLE customer_tier ADD COLUMN important boolean NOT NULL DEFAULT false;
UPDATE customer_tier SET important = true WHERE key IN ('vip', 'VIP', '重要', '战略', '白金', '黄金');
