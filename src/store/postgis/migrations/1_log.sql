-- The change log, the same as in the GeoPackage, and what the triggers of the layer tables call.
CREATE TABLE townseat.townseat_meta (
  "key" text PRIMARY KEY,
  "value" text NOT NULL
);

CREATE TABLE townseat.change (
  "seq" bigint PRIMARY KEY,
  "layer" text NOT NULL,
  "feature" text NOT NULL,
  "version" bigint NOT NULL,
  "operation" text NOT NULL,
  "who" text NOT NULL,
  "by" text NOT NULL,
  "at" text COLLATE "C" NOT NULL,
  "before" text
);

CREATE SEQUENCE townseat.change_seq OWNED BY townseat.change.seq;
CREATE INDEX change_feature ON townseat.change ("layer", "feature", "version");
COMMENT ON TABLE townseat.change IS '变更记录：每一次修改，谁、何时、修改前的样子（只读）';

-- one writer of the log at a time, until its transaction ends: so seq is commit order
CREATE FUNCTION townseat.townseat_lock() RETURNS void LANGUAGE sql AS $$
  SELECT pg_catalog.pg_advisory_xact_lock(8391172948721295220);
$$;

-- the moment, never before that of the last row
CREATE FUNCTION townseat.townseat_now() RETURNS text LANGUAGE sql VOLATILE SET "TimeZone" = 'UTC' AS $$
  SELECT greatest(
    to_char(pg_catalog.clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') COLLATE "C",
    coalesce((SELECT c."at" FROM townseat.change AS c ORDER BY c."seq" DESC LIMIT 1), ''));
$$;

-- one row of the log. Whoever may write the layer may write its log, and only through here.
CREATE FUNCTION townseat.townseat_log(layer text, feature text, operation text, before text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- only sessions of our own role may say who they act for: current_user is the owner of this function
  by_what text := CASE WHEN pg_has_role(session_user, current_user, 'MEMBER')
    THEN coalesce(current_setting('townseat.by', true), '') ELSE '' END;
  who text := CASE WHEN by_what = '' THEN session_user::text ELSE coalesce(current_setting('townseat.who', true), '') END;
BEGIN
  PERFORM townseat.townseat_lock();
  INSERT INTO townseat.change ("seq", "layer", "feature", "version", "operation", "who", "by", "at", "before")
  VALUES (
    nextval('townseat.change_seq'), $1, $2,
    1 + coalesce((SELECT max(c."version") FROM townseat.change AS c WHERE c."layer" = $1 AND c."feature" = $2), 0),
    $3, who, by_what, townseat.townseat_now(), $4);
  PERFORM pg_notify('townseat', '');
END $$;

REVOKE ALL ON FUNCTION townseat.townseat_log, townseat.townseat_lock, townseat.townseat_now FROM PUBLIC;

-- gives an id to a feature that comes without one, and lets nobody take one away
CREATE FUNCTION townseat.townseat_name() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW."id" IS NULL OR NEW."id" = '' THEN
    IF TG_OP = 'UPDATE' THEN
      NEW."id" := OLD."id";
    END IF;
    IF NEW."id" IS NULL OR NEW."id" = '' THEN
      NEW."id" := substr(replace(gen_random_uuid()::text, '-', ''), 1, 16);
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION townseat.townseat_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the change log is only added to';
END $$;

CREATE TRIGGER townseat_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON townseat.change
FOR EACH STATEMENT EXECUTE FUNCTION townseat.townseat_append_only();
