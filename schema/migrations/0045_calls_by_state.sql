-- Outside a transaction: each statement by itself, so that nobody who calls or is answered waits meanwhile.

-- Calls by how they stand (未接来电), newest first; most have simply ended, and are found without it.
DROP INDEX CONCURRENTLY IF EXISTS call_state;
CREATE INDEX CONCURRENTLY call_state ON call (tenant_id, state, id DESC) WHERE state <> 'ended';

-- What became of the answers of the last day, for the health of an organization's channels (回复健康).
DROP INDEX CONCURRENTLY IF EXISTS outgoing_message_lately;
CREATE INDEX CONCURRENTLY outgoing_message_lately ON outgoing_message (tenant_id, settled_at) WHERE settled_at IS NOT NULL;
