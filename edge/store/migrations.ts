/** Append only: each entry runs once, in order, and is never edited after it has been deployed. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- What syncs. A NULL value is a tombstone.
  CREATE TABLE rows (key TEXT PRIMARY KEY, version INTEGER NOT NULL, value TEXT) WITHOUT ROWID;
  CREATE INDEX rows_by_version ON rows (version);

  -- Replicache's client records. The version is that of the commit that last moved last_mutation.
  CREATE TABLE clients (
    client_group TEXT NOT NULL, id TEXT NOT NULL, last_mutation INTEGER NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (client_group, id)
  ) WITHOUT ROWID;

  -- Client groups that were given a first pull; one with a cookie that is not here belongs to other storage.
  CREATE TABLE client_groups (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID;

  -- Effects to perform after their commit; one row a key, so that asking twice is asking once. tries counts how often
  -- it was begun; while it is performed, due is a lease that is pushed ahead.
  CREATE TABLE outbox (key TEXT PRIMARY KEY, effect TEXT NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE devices (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- Wrong setup secrets by address, so that guessing is slow for the guesser only.
  CREATE TABLE pair_attempts (address TEXT PRIMARY KEY, since INTEGER NOT NULL, failures INTEGER NOT NULL) WITHOUT ROWID;

  -- One row a turn; steps is the JSON of what the model said and asked for so far, so that a turn can be resumed.
  CREATE TABLE turns (
    id TEXT PRIMARY KEY, answers_through INTEGER NOT NULL, tries INTEGER NOT NULL, model TEXT NOT NULL, steps TEXT NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT,
    input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0, cache_write_tokens INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  -- Recorded with the effect of the call, so that it happens once.
  CREATE TABLE tool_calls (id TEXT PRIMARY KEY, turn TEXT NOT NULL, result TEXT NOT NULL, is_error INTEGER NOT NULL) WITHOUT ROWID;

  -- Reports of the runner that were applied.
  CREATE TABLE reports (id TEXT PRIMARY KEY, at INTEGER NOT NULL, refused TEXT) WITHOUT ROWID;

  CREATE TABLE log_lines (
    task TEXT NOT NULL, attempt INTEGER NOT NULL, n INTEGER NOT NULL, line TEXT NOT NULL,
    PRIMARY KEY (task, attempt, n)
  ) WITHOUT ROWID;
  `,
  `
  -- What is no longer read word for word. The spans cover every message from the first to the newest one that is summarised, without
  -- gap or overlap: one that is folded into a longer one is replaced by it.
  CREATE TABLE spans (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, level INTEGER NOT NULL, messages INTEGER NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, summary TEXT NOT NULL, tokens INTEGER NOT NULL
  );

  -- NULL: the model's price is not known.
  ALTER TABLE turns ADD COLUMN cost_usd REAL DEFAULT 0;
  `,
  `
  -- Which version was the newest when, one row a day: what is behind the horizon is forgotten.
  CREATE TABLE horizons (at INTEGER PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;

  -- When a group last pulled, to the day, and the version it held then.
  ALTER TABLE client_groups ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE client_groups ADD COLUMN seen_version INTEGER NOT NULL DEFAULT 0;

  -- Only deletions pay for it.
  CREATE INDEX tombstones ON rows (version) WHERE value IS NULL;
  `,
  `
  -- What MCP clients present, hashed; scopes is a JSON array.
  CREATE TABLE mcp_tokens (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL, seen_at INTEGER
  ) WITHOUT ROWID;
  `,
  `
  -- A device's token is renewed while it is in use; the one before still works for a while, as the answer may have been lost.
  ALTER TABLE devices ADD COLUMN issued_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE devices ADD COLUMN previous_hash TEXT;
  ALTER TABLE devices ADD COLUMN previous_until INTEGER NOT NULL DEFAULT 0;
  UPDATE devices SET issued_at = created_at;
  CREATE INDEX devices_by_previous ON devices (previous_hash) WHERE previous_hash IS NOT NULL;

  -- What runners and MCP clients present, hashed; scopes is a JSON array. A NULL expires_at: until it is revoked.
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL, expires_at INTEGER, seen_at INTEGER
  ) WITHOUT ROWID;
  DROP TABLE mcp_tokens;

  -- Strangers wait in the lobby.
  DROP TABLE pair_attempts;
  `,
  `
  -- What can be searched: the index holds no text of its own, search_documents says which row or lines a document is. It follows the
  -- rows behind a cursor in meta; search_logs says from which line on an attempt's log is not indexed yet.
  CREATE VIRTUAL TABLE search USING fts5 (text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='2 3');
  CREATE TABLE search_documents (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at INTEGER NOT NULL);
  CREATE TABLE search_logs (task TEXT NOT NULL, attempt INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (task, attempt)) WITHOUT ROWID;
  `,
  `
  -- What GitHub delivered of late that concerned a task: neither its id nor what it says is taken twice. Old ones make room for new ones.
  CREATE TABLE deliveries (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, signature TEXT NOT NULL UNIQUE);
  `,
  `
  -- The same index, with the first letters too: a person who types a word types its first letter first. All is indexed again.
  DROP TABLE search;
  CREATE VIRTUAL TABLE search USING fts5 (text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');
  DELETE FROM search_documents;
  DELETE FROM meta WHERE key = 'search.version';
  INSERT OR REPLACE INTO search_logs (task, attempt, next) SELECT task, attempt, min(n) FROM log_lines GROUP BY task, attempt;
  `,
  `
  -- Where a device is pushed to, and what it was told of what waits now: a JSON array of marks.
  CREATE TABLE push_subscriptions (
    device TEXT PRIMARY KEY, endpoint TEXT NOT NULL UNIQUE, p256dh TEXT NOT NULL, auth TEXT NOT NULL, origin TEXT NOT NULL, told TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- How often its push service refused in a row, and until when it is left alone.
  ALTER TABLE push_subscriptions ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE push_subscriptions ADD COLUMN retry_at INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- The rows ask/<id> become approval/<id>. Devices see it as one more commit: the new rows and the tombstones of the old ones get a
  -- version that no cookie has reached yet. Marks of what a device was told contain the kind of row too.
  INSERT INTO rows (key, version, value)
    SELECT
      'approval/' || substr(key, length('ask/') + 1),
      (SELECT 1 + MAX(version) FROM (SELECT version FROM rows UNION ALL SELECT version FROM clients)),
      value
    FROM rows WHERE key >= 'ask/' AND key < 'ask0' AND value IS NOT NULL;
  UPDATE rows SET value = NULL, version = (SELECT MAX(version) FROM rows WHERE key >= 'approval/' AND key < 'approval0')
    WHERE key >= 'ask/' AND key < 'ask0' AND value IS NOT NULL;
  UPDATE push_subscriptions SET told = replace(told, '/ask/', '/approval/');
  `,
]
