-- The state of one user. Times are milliseconds since 1970 UTC. Columns that hold JSON say so.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE deployments (
  id             TEXT PRIMARY KEY,
  blueprint_id   TEXT NOT NULL,
  blueprint_path TEXT NOT NULL,
  inputs         TEXT NOT NULL,     -- JSON object
  created_ms     INTEGER NOT NULL,
  updated_ms     INTEGER NOT NULL,
  source_digest  TEXT NOT NULL,     -- of the files and inputs that the plan was made from
  plan           TEXT NOT NULL      -- JSON; last, as it may be megabytes that lists need not read
);

CREATE TABLE node_instances (
  position           INTEGER PRIMARY KEY,   -- order of creation
  deployment_id      TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  id                 TEXT NOT NULL,
  node_id            TEXT NOT NULL,
  instance_index     INTEGER NOT NULL,
  host_id            TEXT,
  state              TEXT NOT NULL,
  version            INTEGER NOT NULL,
  runtime_properties TEXT NOT NULL,         -- JSON object
  property_changes   TEXT NOT NULL,         -- JSON: {key: [version of its last change, writer]}
  system_properties  TEXT NOT NULL,         -- JSON object
  relationships      TEXT NOT NULL,         -- JSON array
  scaling_groups     TEXT NOT NULL,         -- JSON array
  UNIQUE (deployment_id, id)                -- random ids may meet across deployments
);

CREATE TABLE executions (
  number               INTEGER PRIMARY KEY AUTOINCREMENT,  -- what other tables refer to
  id                   TEXT NOT NULL UNIQUE,
  deployment_id        TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  workflow_id          TEXT NOT NULL,
  status               TEXT NOT NULL,
  parameters           TEXT NOT NULL,       -- JSON object
  error                TEXT NOT NULL,
  result               TEXT NOT NULL,       -- JSON
  is_dry_run           INTEGER NOT NULL,
  created_ms           INTEGER NOT NULL,
  started_ms           INTEGER,
  ended_ms             INTEGER,
  runner_pid           INTEGER NOT NULL,
  runner_started_ticks INTEGER NOT NULL
);
CREATE INDEX executions_of_deployment ON executions (deployment_id);

-- Who writes a deployment now.
CREATE TABLE deployment_locks (
  deployment_id        TEXT PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
  execution            INTEGER NOT NULL REFERENCES executions (number) ON DELETE CASCADE,
  runner_pid           INTEGER NOT NULL,
  runner_started_ticks INTEGER NOT NULL,
  taken_ms             INTEGER NOT NULL
);

-- A task graph that a workflow executed.
CREATE TABLE graphs (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  execution  INTEGER NOT NULL REFERENCES executions (number) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (execution, name)
);

-- The tasks of graphs. `key` is graph * 2^32 + the task's number in it, so that a graph's tasks
-- lie together in their order and need no index of their own.
CREATE TABLE operations (
  key          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL,
  type         TEXT NOT NULL,
  name         TEXT NOT NULL,
  state        TEXT NOT NULL,
  attempt      INTEGER NOT NULL,
  dependencies TEXT NOT NULL,       -- JSON array of numbers
  parameters   TEXT NOT NULL,       -- JSON object
  started_ms   INTEGER,
  ended_ms     INTEGER,
  error        TEXT NOT NULL,
  result       TEXT                 -- JSON
);

-- What happened, in order. `key` is execution * 2^32 + the event's number in it: one tree, read and
-- written in order. What all events of an execution share is in its row.
CREATE TABLE events (
  key                  INTEGER PRIMARY KEY,
  wall_ms              INTEGER NOT NULL,
  is_log               INTEGER NOT NULL,
  event_type           TEXT,
  level                TEXT,
  logger               TEXT,
  text                 TEXT NOT NULL,
  node_id              TEXT,
  node_name            TEXT,
  operation            TEXT,
  plugin               TEXT,
  task_id              TEXT,
  task_name            TEXT,
  task_target          TEXT,
  task_queue           TEXT,
  source_id            TEXT,
  source_name          TEXT,
  target_id            TEXT,
  target_name          TEXT,
  task_current_retries INTEGER,
  task_total_retries   INTEGER,
  task_error_causes    TEXT         -- JSON
);

-- A computed key cannot be a foreign key, so what it belongs to takes these rows along.
CREATE TRIGGER operations_go_with_graph AFTER DELETE ON graphs BEGIN
  DELETE FROM operations WHERE key >= old.number << 32 AND key < (old.number + 1) << 32;
END;
CREATE TRIGGER events_go_with_execution AFTER DELETE ON executions BEGIN
  DELETE FROM events WHERE key >= old.number << 32 AND key < (old.number + 1) << 32;
END;
