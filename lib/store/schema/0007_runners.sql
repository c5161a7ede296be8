-- Who works on an execution: a pid means something only within one boot of the machine and one
-- container. `run_lock_file` is the number of the file that its lock is on.
ALTER TABLE executions ADD COLUMN runner_boot_id TEXT NOT NULL DEFAULT '';
ALTER TABLE executions ADD COLUMN runner_pid_namespace TEXT NOT NULL DEFAULT '';
ALTER TABLE executions ADD COLUMN run_lock_file INTEGER NOT NULL DEFAULT 0;

-- Their execution's row says who holds them.
ALTER TABLE deployment_locks DROP COLUMN runner_pid;
ALTER TABLE deployment_locks DROP COLUMN runner_started_ticks;

-- Where operations run that have begun and whose end is not stored: for whoever looks for them when
-- their runner has died. Written by the runner that the row of the execution names, and so of its
-- boot and container.
CREATE TABLE calls (
  operation            INTEGER PRIMARY KEY,  -- operations.key
  worker_pid           INTEGER NOT NULL,
  worker_started_ticks INTEGER NOT NULL,
  began_ticks          INTEGER NOT NULL      -- clock ticks after boot
);
CREATE TRIGGER calls_go_with_graph AFTER DELETE ON graphs BEGIN
  DELETE FROM calls WHERE operation >= old.number << 32 AND operation < (old.number + 1) << 32;
END;

-- It undoes another operation: a resume finds it until that one has started.
ALTER TABLE operations ADD COLUMN is_undo INTEGER NOT NULL DEFAULT 0;
