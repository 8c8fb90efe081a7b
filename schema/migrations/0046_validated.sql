-- Constraints that were put on filled tables without looking at what is there; each is looked at while people go on working.
-- Behind the migrations that put them there, as the lock of putting them would otherwise be held meanwhile.
ALTER TABLE visit VALIDATE CONSTRAINT visit_planned;
ALTER TABLE visit VALIDATE CONSTRAINT visit_locked;
ALTER TABLE visit VALIDATE CONSTRAINT visit_check_in_reason;
ALTER TABLE customer_news VALIDATE CONSTRAINT customer_news_event_check;
ALTER TABLE category VALIDATE CONSTRAINT category_crew;
ALTER TABLE site VALIDATE CONSTRAINT site_access_hours;
