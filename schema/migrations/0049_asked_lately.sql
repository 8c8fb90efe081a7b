-- Outside a transaction: on a table that may be large.
-- Whoever writes in a conversation may be answering a survey: those that are out, and nothing else that was ever told.
DROP INDEX CONCURRENTLY IF EXISTS customer_news_asked;
CREATE INDEX CONCURRENTLY customer_news_asked ON customer_news (tenant_id, settled_at) WHERE event = 'survey' AND state = 'told';
