-- Row-level security of these tables, as mspaudit/tenancy/rls.py declares it.
ALTER TABLE shared_secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY shared_secret_tenant ON shared_secret AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY shared_secret_client ON shared_secret AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON shared_secret TO mspaudit_app;
ALTER TABLE departure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY departure_tenant ON departure AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY departure_client ON departure AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
CREATE POLICY departure_unit ON departure AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (((SELECT tenancy.unit()) IS NULL OR org_unit_id = (SELECT tenancy.unit())))
    WITH CHECK (((SELECT tenancy.unit()) IS NULL OR org_unit_id = (SELECT tenancy.unit())));
GRANT SELECT, INSERT, UPDATE, DELETE ON departure TO mspaudit_app;
ALTER TABLE mission ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mission_tenant ON mission AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY mission_client ON mission AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON mission TO mspaudit_app;
ALTER TABLE portal_holder ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY portal_holder_tenant ON portal_holder AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY portal_holder_client ON portal_holder AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON portal_holder TO mspaudit_app;
ALTER TABLE secret_knower ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY secret_knower_tenant ON secret_knower AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY secret_knower_client ON secret_knower AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON secret_knower TO mspaudit_app;
ALTER TABLE departure_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY departure_item_tenant ON departure_item AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY departure_item_client ON departure_item AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON departure_item TO mspaudit_app;
ALTER TABLE mission_access ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mission_access_tenant ON mission_access AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY mission_access_client ON mission_access AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON mission_access TO mspaudit_app;
