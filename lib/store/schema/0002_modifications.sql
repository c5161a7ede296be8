-- Changes of a deployment's numbers of instances that a workflow started, and how they ended.

CREATE TABLE modifications (
  number           INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  deployment_id    TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  execution_id     TEXT NOT NULL,     -- who started it
  status           TEXT NOT NULL,     -- started, finished, rolledback
  changes          TEXT NOT NULL,     -- JSON: {node or group: {instances, hints}}
  added            TEXT NOT NULL,     -- JSON array of instance ids
  removed          TEXT NOT NULL,     -- JSON array of instance ids
  instances_before TEXT NOT NULL,     -- JSON array: all instances as they were
  created_ms       INTEGER NOT NULL,
  ended_ms         INTEGER
);
-- One at a time for each deployment.
CREATE UNIQUE INDEX started_modifications ON modifications (deployment_id) WHERE status = 'started';
