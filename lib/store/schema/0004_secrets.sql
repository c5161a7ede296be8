-- What get_secret gives. In a file that only its owner can read; the values are not encrypted.
CREATE TABLE secrets (
  name       TEXT PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  value      TEXT NOT NULL
) WITHOUT ROWID;
