-- The signed context: what every policy asks. Keys are HMAC pads that role mspaudit_app cannot read.
CREATE SCHEMA tenancy;
GRANT USAGE ON SCHEMA tenancy TO PUBLIC;
GRANT ALL ON SCHEMA tenancy TO mspaudit_owner;

CREATE TABLE tenancy.signing_key (
    id integer PRIMARY KEY,
    inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64)
);
REVOKE ALL ON tenancy.signing_key FROM PUBLIC;

-- The eight fields of a context whose signature and expiry hold; NULL for any other, unset included.
CREATE FUNCTION tenancy.verified() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    raw text := current_setting('app.ctx', true);
    parts text[];
    message bytea;
    key record;
BEGIN
    IF raw IS NULL OR length(raw) < 66 THEN
        RETURN NULL;
    END IF;
    parts := string_to_array(raw, '.');
    IF cardinality(parts) <> 8 OR parts[7] !~ '^[0-9]{1,12}$' OR length(parts[8]) <> 64 THEN
        RETURN NULL;
    END IF;
    IF parts[7]::bigint < extract(epoch FROM now()) THEN
        RETURN NULL;
    END IF;
    message := convert_to(left(raw, length(raw) - 65), 'UTF8');
    -- Two keys while one replaces the other. Digests are compared, so that how long the comparison
    -- takes tells nothing of the secret.
    FOR key IN SELECT k.inner_pad, k.outer_pad FROM tenancy.signing_key k LOOP
        IF sha256(convert_to(encode(sha256(key.outer_pad || sha256(key.inner_pad || message)), 'hex'), 'UTF8'))
            = sha256(convert_to(parts[8], 'UTF8')) THEN
            RETURN parts;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION tenancy.verified() FROM PUBLIC;

CREATE FUNCTION tenancy.kind() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    v text[] := tenancy.verified();
BEGIN
    RETURN v[2];
END $$;

CREATE FUNCTION tenancy.tenant() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    v text[] := tenancy.verified();
BEGIN
    RETURN nullif(v[1], '-')::uuid;
END $$;

-- These are PL/pgSQL, whose plans a connection keeps: half the time of the same in SQL.
-- The tenant, for those who work for the MSP; nothing for a client's own people.
CREATE FUNCTION tenancy.msp_tenant() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    v text[] := tenancy.verified();
BEGIN
    RETURN CASE WHEN v[2] IN ('msp', 'limited', 'job') THEN nullif(v[1], '-')::uuid END;
END $$;

-- The tenant, for those who serve all of its clients: who may change its people and their assignments.
CREATE FUNCTION tenancy.whole_tenant() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    v text[] := tenancy.verified();
BEGIN
    RETURN CASE WHEN v[2] IN ('msp', 'job') THEN nullif(v[1], '-')::uuid END;
END $$;

CREATE FUNCTION tenancy.login() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    v text[] := tenancy.verified();
BEGIN
    RETURN nullif(v[6], '-')::uuid;
END $$;

CREATE FUNCTION tenancy.unit() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    v text[] := tenancy.verified();
BEGIN
    RETURN nullif(v[4], '-')::uuid;
END $$;
