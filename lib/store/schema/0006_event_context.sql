-- What workflows add to the records of their own events: a JSON object, or null.

ALTER TABLE events ADD COLUMN additional_context TEXT;
