-- The change log and what the triggers that write it need. "before" is canonical JSON: see image.rs.
CREATE TABLE "townseat_meta" (
  "key" TEXT PRIMARY KEY,
  "value" TEXT NOT NULL
);

-- one row: who is writing, set inside our own transactions and empty outside them
CREATE TABLE "townseat_who" (
  "one" INTEGER PRIMARY KEY CHECK ("one" = 1),
  "who" TEXT NOT NULL,
  "by" TEXT NOT NULL
);
INSERT INTO "townseat_who" VALUES (1, '', '');

-- rows that an INSERT OR REPLACE is about to push out: SQLite fires no delete trigger for them
CREATE TABLE "townseat_replaced" (
  "layer" TEXT NOT NULL,
  "fid" INTEGER NOT NULL,
  "id" TEXT,
  "before" TEXT
);

CREATE TABLE "change" (
  "seq" INTEGER PRIMARY KEY AUTOINCREMENT,
  "layer" TEXT NOT NULL,
  "feature" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "operation" TEXT NOT NULL,
  "who" TEXT NOT NULL,
  "by" TEXT NOT NULL,
  "at" TEXT NOT NULL,
  "before" TEXT
);

CREATE INDEX "change_feature" ON "change" ("layer", "feature", "version");

CREATE TRIGGER "change_update" BEFORE UPDATE ON "change"
BEGIN
  SELECT RAISE(ABORT, 'the change log is only added to');
END;

CREATE TRIGGER "change_delete" BEFORE DELETE ON "change"
BEGIN
  SELECT RAISE(ABORT, 'the change log is only added to');
END;

INSERT INTO gpkg_contents (table_name, data_type, identifier, description)
VALUES ('change', 'attributes', '变更记录', '每一次修改：谁、何时、修改前的样子（只读）');
