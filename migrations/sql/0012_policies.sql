-- Row-level security of these tables, as mspaudit/tenancy/rls.py declares it.
ALTER TABLE action_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY action_item_tenant ON action_item AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY action_item_client ON action_item AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON action_item TO mspaudit_app;
ALTER TABLE decision_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY decision_event_tenant ON decision_event AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY decision_event_client ON decision_event AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT ON decision_event TO mspaudit_app;
ALTER TABLE register_anchor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY register_anchor_tenant ON register_anchor AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY register_anchor_client ON register_anchor AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT ON register_anchor TO mspaudit_app;
ALTER TABLE recommendation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY recommendation_tenant ON recommendation AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY recommendation_client ON recommendation AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE ON recommendation TO mspaudit_app;
ALTER TABLE decision ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY decision_tenant ON decision AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY decision_client ON decision AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE ON decision TO mspaudit_app;
