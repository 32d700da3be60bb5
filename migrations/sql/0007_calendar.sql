-- Whose calendar a secret address is, for the MSP that the URL names; notes at most once an hour that it was
-- read. Runs as mspaudit_auth, at the door only, like the rest of schema auth.
CREATE OR REPLACE FUNCTION auth.calendar(token bytea, msp text) RETURNS TABLE (
    tenant_id uuid, tenant_name text, member_id uuid, member_name text, role text, all_clients boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT t.id, t.name, m.id, m.name, m.role, m.all_clients
        FROM public.calendar_feed f
        JOIN public.tenant t ON t.id = f.tenant_id AND t.slug = msp AND t.closed_at IS NULL
        JOIN public.staff_member m ON m.tenant_id = f.tenant_id AND m.id = f.member_id
            AND m.disabled_at IS NULL
        JOIN public.login l ON l.id = m.login_id AND l.disabled_at IS NULL
        WHERE f.token_hash = token AND f.revoked_at IS NULL;
    IF FOUND THEN
        UPDATE public.calendar_feed f SET read_at = now()
            WHERE f.token_hash = token AND f.revoked_at IS NULL
            AND (f.read_at IS NULL OR f.read_at < now() - interval '1 hour');
    END IF;
END $$;

GRANT SELECT, UPDATE (read_at) ON calendar_feed TO mspaudit_auth;
CREATE POLICY auth_all ON calendar_feed TO mspaudit_auth USING (true) WITH CHECK (true);

GRANT CREATE ON SCHEMA auth TO mspaudit_auth;
ALTER FUNCTION auth.calendar(bytea, text) OWNER TO mspaudit_auth;
REVOKE ALL ON FUNCTION auth.calendar(bytea, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.calendar(bytea, text) TO mspaudit_app;
REVOKE CREATE ON SCHEMA auth FROM mspaudit_auth;
