-- Changes of what deployments are made from. While one is started, the plan of its deployment holds
-- the new definitions and, besides, those of what has still to be removed.

CREATE TABLE updates (
  number           INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  deployment_id    TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  execution_id     TEXT NOT NULL,     -- whose work it is
  status           TEXT NOT NULL,     -- started, finished; continued: a later one took it over
  blueprint_before TEXT NOT NULL,     -- path
  inputs_before    TEXT NOT NULL,     -- JSON object
  changes          TEXT NOT NULL,     -- JSON object: what it changes, for people
  added            TEXT NOT NULL,     -- JSON array of instance ids: to be installed
  links            TEXT NOT NULL,     -- JSON: {instance id: relationships to be established}
  changed          TEXT NOT NULL,     -- JSON array of instance ids: with other definitions
  standing         TEXT NOT NULL,     -- JSON array of instance ids: were started when it began
  created_ms       INTEGER NOT NULL,
  ended_ms         INTEGER
);
-- One at a time for each deployment.
CREATE UNIQUE INDEX started_updates ON updates (deployment_id) WHERE status = 'started';
