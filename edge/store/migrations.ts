/** Append only: each entry runs once, in order, and is never edited after it has been deployed. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- The rows that sync. A NULL value is a tombstone.
  CREATE TABLE rows (key TEXT PRIMARY KEY, version INTEGER NOT NULL, value TEXT) WITHOUT ROWID;
  CREATE INDEX rows_by_version ON rows (version);

  -- Replicache's client records. The version is that of the commit that last moved last_mutation.
  CREATE TABLE clients (
    client_group TEXT NOT NULL, id TEXT NOT NULL, last_mutation INTEGER NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (client_group, id)
  ) WITHOUT ROWID;

  -- Client groups that have pulled. A group with a cookie that is not in this table belongs to other storage.
  CREATE TABLE client_groups (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID;

  -- Effects to perform after their commit. There is one row for each key, so that two requests are performed once.
  -- tries counts how often the effect was begun; while it is performed, due is the end of a lease that is renewed.
  CREATE TABLE outbox (
    key TEXT PRIMARY KEY, effect TEXT NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE devices (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- Wrong setup secrets by address, so that guessing is slow for the guesser only.
  CREATE TABLE pair_attempts (
    address TEXT PRIMARY KEY, since INTEGER NOT NULL, failures INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- One row for each turn. steps is the JSON of the model's text and tool calls so far, so that a turn can be resumed.
  CREATE TABLE turns (
    id TEXT PRIMARY KEY, answers_through INTEGER NOT NULL, tries INTEGER NOT NULL,
    model TEXT NOT NULL, steps TEXT NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT,
    input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0, cache_write_tokens INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;

  -- A call is recorded together with its effect, so that it happens once.
  CREATE TABLE tool_calls (
    id TEXT PRIMARY KEY, turn TEXT NOT NULL, result TEXT NOT NULL, is_error INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- The runner's reports that were applied.
  CREATE TABLE reports (id TEXT PRIMARY KEY, at INTEGER NOT NULL, refused TEXT) WITHOUT ROWID;

  CREATE TABLE log_lines (
    task TEXT NOT NULL, attempt INTEGER NOT NULL, n INTEGER NOT NULL, line TEXT NOT NULL,
    PRIMARY KEY (task, attempt, n)
  ) WITHOUT ROWID;
  `,
  `
  -- Summaries of messages that are no longer read word for word. The spans cover every message from the first to the
  -- newest summarised one, without gap or overlap: a span that is folded into a longer one is replaced by it.
  CREATE TABLE spans (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, level INTEGER NOT NULL, messages INTEGER NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, summary TEXT NOT NULL, tokens INTEGER NOT NULL
  );

  -- NULL when the model's price is not known.
  ALTER TABLE turns ADD COLUMN cost_usd REAL DEFAULT 0;
  `,
  `
  -- The newest version at a time, one row for each day: tombstones and clients from before the horizon are deleted.
  CREATE TABLE horizons (at INTEGER PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;

  -- The time a group last pulled, to the day, and the version it held then.
  ALTER TABLE client_groups ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE client_groups ADD COLUMN seen_version INTEGER NOT NULL DEFAULT 0;

  -- Partial, so that only deletions pay for this index.
  CREATE INDEX tombstones ON rows (version) WHERE value IS NULL;
  `,
  `
  -- Hashed tokens of MCP clients; scopes is a JSON array.
  CREATE TABLE mcp_tokens (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL, seen_at INTEGER
  ) WITHOUT ROWID;
  `,
  `
  -- A device's token is renewed while it is in use. The previous one works a while longer, as the response may be lost.
  ALTER TABLE devices ADD COLUMN issued_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE devices ADD COLUMN previous_hash TEXT;
  ALTER TABLE devices ADD COLUMN previous_until INTEGER NOT NULL DEFAULT 0;
  UPDATE devices SET issued_at = created_at;
  CREATE INDEX devices_by_previous ON devices (previous_hash) WHERE previous_hash IS NOT NULL;

  -- Hashed tokens of runners and MCP clients; scopes is a JSON array. Without expires_at they work until revoked.
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
    scopes TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, seen_at INTEGER
  ) WITHOUT ROWID;
  DROP TABLE mcp_tokens;

  -- Wrong guesses are counted in the pairing registry, so that a stranger does not reach a person's object.
  DROP TABLE pair_attempts;
  `,
  `
  -- The search index holds no text of its own: search_documents maps a document to its row or lines. It follows the
  -- rows behind a cursor in meta; search_logs has the first line of an attempt's log that is not indexed yet.
  CREATE VIRTUAL TABLE search USING fts5 (
    text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='2 3'
  );
  CREATE TABLE search_documents (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at INTEGER NOT NULL);
  CREATE TABLE search_logs (
    task TEXT NOT NULL, attempt INTEGER NOT NULL, next INTEGER NOT NULL,
    PRIMARY KEY (task, attempt)
  ) WITHOUT ROWID;
  `,
  `
  -- GitHub's recent deliveries that concerned a task: neither an id nor a signature is accepted twice. The oldest are
  -- deleted.
  CREATE TABLE deliveries (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, signature TEXT NOT NULL UNIQUE);
  `,
  `
  -- The same index with prefixes of one letter, because a person who types a word types its first letter first.
  -- Everything is indexed again.
  DROP TABLE search;
  CREATE VIRTUAL TABLE search USING fts5 (
    text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
  );
  DELETE FROM search_documents;
  DELETE FROM meta WHERE key = 'search.version';
  INSERT OR REPLACE INTO search_logs (task, attempt, next)
    SELECT task, attempt, min(n) FROM log_lines GROUP BY task, attempt;
  `,
  `
  -- A device's address at its push service. told is a JSON array of the marks of pending notices it has received.
  CREATE TABLE push_subscriptions (
    device TEXT PRIMARY KEY, endpoint TEXT NOT NULL UNIQUE, p256dh TEXT NOT NULL, auth TEXT NOT NULL,
    origin TEXT NOT NULL, told TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- The number of refusals of the push service in a row, and the time before which it is not called again.
  ALTER TABLE push_subscriptions ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE push_subscriptions ADD COLUMN retry_at INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- The rows ask/<id> become approval/<id>. Devices see it as one more commit: the new rows and the tombstones of the
  -- old ones get a version that no cookie has reached yet. The marks in told contain the kind of row too.
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
  `
  -- A sum of usage that became Infinity was stored as null, and its row could not be read. It gets the bound that such
  -- a sum has now (shared/model/bounded.ts). Devices see it as one more commit.
  UPDATE rows SET
    value = json_replace(
      value,
      '$.usage.costUsd', ifnull(json_extract(value, '$.usage.costUsd'), 10000),
      '$.usage.inputTokens', ifnull(json_extract(value, '$.usage.inputTokens'), 1000000000000),
      '$.usage.outputTokens', ifnull(json_extract(value, '$.usage.outputTokens'), 1000000000000)
    ),
    version = (SELECT 1 + MAX(version) FROM (SELECT version FROM rows UNION ALL SELECT version FROM clients))
    WHERE key >= 'task/' AND key < 'task0' AND json_valid(value) AND 'null' IN (
      json_type(value, '$.usage.costUsd'), json_type(value, '$.usage.inputTokens'),
      json_type(value, '$.usage.outputTokens')
    );
  UPDATE rows SET
    value = json_replace(
      value,
      '$.inputTokens', ifnull(json_extract(value, '$.inputTokens'), 1000000000000),
      '$.outputTokens', ifnull(json_extract(value, '$.outputTokens'), 1000000000000),
      '$.cacheReadTokens', ifnull(json_extract(value, '$.cacheReadTokens'), 1000000000000),
      '$.cacheWriteTokens', ifnull(json_extract(value, '$.cacheWriteTokens'), 1000000000000),
      '$.unpricedTokens', ifnull(json_extract(value, '$.unpricedTokens'), 1000000000000),
      '$.costUsd', ifnull(json_extract(value, '$.costUsd'), 10000)
    ),
    version = (SELECT 1 + MAX(version) FROM (SELECT version FROM rows UNION ALL SELECT version FROM clients))
    WHERE key >= 'usage/' AND key < 'usage0' AND json_valid(value) AND 'null' IN (
      json_type(value, '$.inputTokens'), json_type(value, '$.outputTokens'), json_type(value, '$.cacheReadTokens'),
      json_type(value, '$.cacheWriteTokens'), json_type(value, '$.unpricedTokens'), json_type(value, '$.costUsd')
    );
  `,
]
