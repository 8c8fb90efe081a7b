-- People in depth: passwords that were set by somebody else, skills with names in both languages, and who works when.

-- Set by a colleague, and so known to two: whoever signs in with it may do nothing but choose their own.
ALTER TABLE staff ADD COLUMN password_change_due boolean NOT NULL DEFAULT false;

CREATE TABLE skill (
  tenant_id uuid NOT NULL REFERENCES organization,
  id uuid NOT NULL,
  name text NOT NULL,
  name_en text,
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX skill_name ON skill (tenant_id, lower(name));

-- What was typed freely until now becomes the list; one spelling of each.
INSERT INTO skill (tenant_id, id, name, created_at)
SELECT tenant_id, gen_random_uuid(), min(skill), now() FROM staff_skill GROUP BY tenant_id, lower(skill);

ALTER TABLE staff_skill ADD COLUMN skill_id uuid;
UPDATE staff_skill s SET skill_id = k.id FROM skill k WHERE k.tenant_id = s.tenant_id AND lower(k.name) = lower(s.skill);
-- Somebody had both spellings: the higher level stays.
DELETE FROM staff_skill a USING staff_skill b
WHERE a.tenant_id = b.tenant_id AND a.staff_id = b.staff_id AND a.skill_id = b.skill_id AND (a.level, a.skill) < (b.level, b.skill);
ALTER TABLE staff_skill
  DROP COLUMN skill,
  ALTER COLUMN skill_id SET NOT NULL,
  ADD PRIMARY KEY (tenant_id, staff_id, skill_id),
  ADD FOREIGN KEY (tenant_id, skill_id) REFERENCES skill;
CREATE INDEX staff_skill_holders ON staff_skill (tenant_id, skill_id, level);

-- Who works when: a week by the clock on the wall of one zone, and single days that differ. Of a person, or of a team for
-- all its members who have none of their own. Windows are half-open, [{"weekday", "startsMinute", "endsMinute"}], 0 to 1440:
-- a night shift is two. Exceptions by day: {"2026-10-01": {"windows": [], "note": null}}.
CREATE TABLE work_schedule (
  tenant_id uuid NOT NULL REFERENCES organization,
  owner_id uuid NOT NULL,
  owner_kind text NOT NULL CHECK (owner_kind IN ('staff', 'team')),
  -- IANA; the organization's when null.
  time_zone text,
  -- Null: as the team works. Of a team never null.
  windows jsonb,
  exceptions jsonb NOT NULL DEFAULT '{}',
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, owner_id),
  CHECK (owner_kind = 'staff' OR windows IS NOT NULL)
);

-- Nothing wrote these by the API; whatever stands there goes over, nights cut at midnight.
INSERT INTO work_schedule (tenant_id, owner_id, owner_kind, windows, updated_at)
SELECT tenant_id, staff_id, 'staff', jsonb_agg(jsonb_build_object('weekday', weekday, 'startsMinute', starts, 'endsMinute', ends) ORDER BY weekday, starts), now()
FROM (
  SELECT tenant_id, staff_id, weekday, starts_minute AS starts, least(ends_minute, 1440) AS ends FROM staff_shift WHERE ends_minute > starts_minute
  UNION
  SELECT tenant_id, staff_id, weekday % 7 + 1, 0, least(ends_minute - 1440, 1440) FROM staff_shift WHERE ends_minute > 1440
) parts GROUP BY tenant_id, staff_id;
DROP TABLE staff_shift;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['skill', 'work_schedule']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
