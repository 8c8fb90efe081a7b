-- Calls by how they stand (未接来电), newest first; most have simply ended, and are found without it.
CREATE INDEX call_state ON call (tenant_id, state, id DESC) WHERE state <> 'ended';

-- What became of the answers of the last day, for the health of channels (回复健康).
CREATE INDEX outgoing_message_settled ON outgoing_message (tenant_id, settled_at) WHERE settled_at IS NOT NULL;
