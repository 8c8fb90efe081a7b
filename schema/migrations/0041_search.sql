-- Outside a transaction: each statement by itself, so that nobody who writes waits while tickets are walked.

-- Lists of what is unfinished as they are shown: somebody's, and nobody's, by priority…
DROP INDEX CONCURRENTLY IF EXISTS ticket_unfinished_whose;
CREATE INDEX CONCURRENTLY ticket_unfinished_whose ON ticket (tenant_id, assignee_id, priority, created_at DESC, id DESC) WHERE status IN ('new', 'open', 'waiting');
DROP INDEX CONCURRENTLY IF EXISTS ticket_unfinished_assignee;
-- …and all of it, newest first.
DROP INDEX CONCURRENTLY IF EXISTS ticket_unfinished_newest;
CREATE INDEX CONCURRENTLY ticket_unfinished_newest ON ticket (tenant_id, created_at DESC, id DESC) WHERE status IN ('new', 'open', 'waiting');
-- What was reopened, which is seldom much.
DROP INDEX CONCURRENTLY IF EXISTS ticket_reopened;
CREATE INDEX CONCURRENTLY ticket_reopened ON ticket (tenant_id, created_at DESC, id DESC) WHERE status IN ('new', 'open', 'waiting') AND reopened_count::float8 >= 1;
-- A team's tickets as they changed.
DROP INDEX CONCURRENTLY IF EXISTS ticket_team_updated;
CREATE INDEX CONCURRENTLY ticket_team_updated ON ticket (tenant_id, team_id, updated_at DESC, id DESC);
-- The statuses that few tickets have at a time, or that are few of all.
DROP INDEX CONCURRENTLY IF EXISTS ticket_rare_status;
CREATE INDEX CONCURRENTLY ticket_rare_status ON ticket (tenant_id, status, created_at DESC, id DESC) WHERE status IN ('waiting', 'resolved', 'cancelled');
DROP INDEX CONCURRENTLY IF EXISTS ticket_settled;

-- Words together with the mark of an organization or of one of its periods, as a condition of its own: the index leaps
-- from the one list to the other, where one query of all of them walks the whole list of the rarest word. The shorter
-- list comes first: that of a period, or that of the words.
CREATE OR REPLACE FUNCTION newest_tickets_with_words(tenant uuid, mark tsquery, looked_for tsquery, before timestamptz, before_id uuid, most int) RETURNS TABLE (ticket_id uuid, created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp
  AS 'SELECT s.ticket_id, s.created_at FROM ticket_search s
      WHERE s.tenant_id = tenant AND s.words @@ mark AND s.words @@ looked_for AND (s.created_at, s.ticket_id) < (before, before_id)
      ORDER BY s.created_at DESC, s.ticket_id DESC LIMIT most';
CREATE OR REPLACE FUNCTION oldest_tickets_with_words(tenant uuid, mark tsquery, looked_for tsquery, after timestamptz, after_id uuid, most int) RETURNS TABLE (ticket_id uuid, created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp
  AS 'SELECT s.ticket_id, s.created_at FROM ticket_search s
      WHERE s.tenant_id = tenant AND s.words @@ mark AND s.words @@ looked_for AND (s.created_at, s.ticket_id) > (after, after_id)
      ORDER BY s.created_at, s.ticket_id LIMIT most';
-- Where there is no other organization, its mark stands on every ticket, and only costs. No other way is taken: where the
-- planner thinks words more frequent than they are, it would walk all tickets for so many, and find none to the end.
CREATE OR REPLACE FUNCTION some_tickets_with_words(tenant uuid, mark tsquery, looked_for tsquery, most int) RETURNS TABLE (ticket_id uuid, created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp SET enable_indexscan = off SET enable_seqscan = off
  AS 'WITH other AS MATERIALIZED (SELECT EXISTS (SELECT FROM ticket_search WHERE tenant_id < tenant) OR EXISTS (SELECT FROM ticket_search WHERE tenant_id > tenant) AS is_there)
      (SELECT s.ticket_id, s.created_at FROM ticket_search s WHERE NOT (SELECT is_there FROM other) AND s.tenant_id = tenant AND s.words @@ looked_for LIMIT most)
      UNION ALL
      (SELECT s.ticket_id, s.created_at FROM ticket_search s WHERE (SELECT is_there FROM other) AND s.tenant_id = tenant AND s.words @@ looked_for AND s.words @@ mark LIMIT most)';
