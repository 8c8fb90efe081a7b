-- Tasks that are over, the latest first, of a whole organization.
CREATE INDEX task_ended ON task (tenant_id, completed_at DESC, id DESC) WHERE state <> 'open';
