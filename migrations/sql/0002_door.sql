-- The MSP at that address, for a command that the operator runs; what it does is then under that
-- tenant's own context. Like the rest of schema auth it answers only to a context signed « door ».
DROP FUNCTION IF EXISTS auth.tenant_named(text);
CREATE FUNCTION auth.tenant_named(msp text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT t.id FROM public.tenant t WHERE t.slug = msp AND t.closed_at IS NULL AND auth.at_the_door()
$$;
GRANT CREATE ON SCHEMA auth TO mspaudit_auth;
ALTER FUNCTION auth.tenant_named(text) OWNER TO mspaudit_auth;
REVOKE CREATE ON SCHEMA auth FROM mspaudit_auth;
REVOKE ALL ON FUNCTION auth.tenant_named(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.tenant_named(text) TO mspaudit_app;
