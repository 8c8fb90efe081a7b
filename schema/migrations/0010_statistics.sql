-- The planner needs no statistics of what nobody looks for by value: gathering them (sorting thousands of long texts)
-- was most of what ANALYZE cost, which a growing table goes through again and again.
DO $$
DECLARE place record;
BEGIN
  FOR place IN
    SELECT * FROM (VALUES
      ('ticket', ARRAY['subject', 'description', 'priority_explanation', 'contact_name', 'contact_phone', 'contact_email', 'address', 'lat', 'lng', 'fields', 'resolution', 'history_hash', 'history_length', 'version', 'form_version', 'number']),
      ('fact', ARRAY['data', 'actor_name', 'occurred_at', 'hash', 'previous_hash']),
      ('message', ARRAY['body', 'author_name']),
      ('visit', ARRAY['work_summary', 'signed_by'])
    ) AS given (relation, columns)
  LOOP
    DECLARE name text;
    BEGIN
      FOREACH name IN ARRAY place.columns LOOP
        IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = place.relation::regclass AND attname = name AND NOT attisdropped) THEN
          EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', place.relation, name);
        END IF;
      END LOOP;
    END;
  END LOOP;
END $$;

-- New tickets have no assignee yet; those without one are found by ticket_unfinished_assignee, or are among the newest.
DROP INDEX ticket_assignee;
CREATE INDEX ticket_assignee ON ticket (tenant_id, assignee_id, created_at DESC, id DESC) WHERE assignee_id IS NOT NULL;
