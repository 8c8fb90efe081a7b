-- When people can be called out beside their shifts (待命).

ALTER TABLE work_schedule
  -- {"windows": [{"weekday", "startsMinute", "endsMinute"}], "exceptions": {"2026-10-01": {"windows": [], "note": null}}}, as the week and the days that differ above; null: never.
  -- Of people only.
  ADD COLUMN on_call jsonb;
