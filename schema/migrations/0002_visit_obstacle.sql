-- A visit can end without result: nobody lets the technician in, a part is missing, it takes another visit.
-- What colleagues have to know about it stands in ended_reason.
ALTER TABLE visit
  DROP CONSTRAINT visit_status_check,
  ADD CONSTRAINT visit_status_check CHECK (status IN ('scheduled', 'accepted', 'travelling', 'on_site', 'completed', 'incomplete', 'declined', 'cancelled')),
  ADD COLUMN obstacle text CHECK (obstacle IN ('no_access', 'part_needed', 'return_visit')),
  ADD COLUMN obstacle_at timestamptz,
  ADD CONSTRAINT visit_obstacle CHECK ((status = 'incomplete') = (obstacle IS NOT NULL) AND (obstacle IS NULL) = (obstacle_at IS NULL));
