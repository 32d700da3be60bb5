-- Whose a group's link is. Like the rest of schema auth it answers only to a context signed « door », and
-- says nothing of who asks. A link opens once the direction has promised; after its campaign it still
-- leads to the answers.
DROP FUNCTION IF EXISTS auth.field_group(bytea);
CREATE FUNCTION auth.field_group(token bytea) RETURNS TABLE (
    tenant_id uuid, client_id uuid, id uuid, tenant_name text, client_name text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT f.tenant_id, f.client_id, f.id, t.name, o.name FROM public.field_group f
    JOIN public.field_campaign c ON c.tenant_id = f.tenant_id AND c.id = f.campaign_id
        AND c.promised_at IS NOT NULL
    JOIN public.tenant t ON t.id = f.tenant_id AND t.closed_at IS NULL
    JOIN public.client o ON o.tenant_id = f.tenant_id AND o.id = f.client_id AND o.archived_at IS NULL
    WHERE f.token_hash = token AND auth.at_the_door()
$$;

GRANT SELECT ON field_group, field_campaign TO mspaudit_auth;
CREATE POLICY auth_read ON field_group FOR SELECT TO mspaudit_auth USING (true);
CREATE POLICY auth_read ON field_campaign FOR SELECT TO mspaudit_auth USING (true);
GRANT CREATE ON SCHEMA auth TO mspaudit_auth;
ALTER FUNCTION auth.field_group(bytea) OWNER TO mspaudit_auth;
REVOKE CREATE ON SCHEMA auth FROM mspaudit_auth;
REVOKE ALL ON FUNCTION auth.field_group(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.field_group(bytea) TO mspaudit_app;
GRANT SELECT ON field_campaign, field_group, field_report, report_control, direction_answer TO mspaudit_dump;
