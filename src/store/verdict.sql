-- What the operator says of an alert; the record has it too, and when.
ALTER TABLE alert ADD COLUMN verdict TEXT CHECK (verdict IN ('useful', 'noise'));
CREATE INDEX alert_judged ON alert (since, rule, verdict) WHERE verdict IS NOT NULL;
