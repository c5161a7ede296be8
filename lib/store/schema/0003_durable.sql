-- What it takes to resume an execution.

-- How it was started, and digests of the blueprint and of the plugins it ran with: JSON object.
ALTER TABLE executions ADD COLUMN setup TEXT NOT NULL DEFAULT '{}';

-- What tells a task from the others of its subgraph when the graph is built again, the subgraph
-- that it is a member of, and the how manieth execute() of the workflow it belongs to.
ALTER TABLE operations ADD COLUMN task_key TEXT NOT NULL DEFAULT '';
ALTER TABLE operations ADD COLUMN subgraph INTEGER;
ALTER TABLE operations ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operations ADD COLUMN is_late INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operations ADD COLUMN is_for_this_run INTEGER NOT NULL DEFAULT 0;
