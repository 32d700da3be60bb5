-- Row-level security of these tables, as mspaudit/tenancy/rls.py declares it.
ALTER TABLE account_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_change_tenant ON account_change AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY account_change_client ON account_change AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_change TO mspaudit_app;
ALTER TABLE account_review ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_review_tenant ON account_review AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY account_review_client ON account_review AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_review TO mspaudit_app;
ALTER TABLE directory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY directory_tenant ON directory AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY directory_client ON directory AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON directory TO mspaudit_app;
ALTER TABLE account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_tenant ON account AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY account_client ON account AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON account TO mspaudit_app;
ALTER TABLE staff_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_change_tenant ON staff_change AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY staff_change_client ON staff_change AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_change TO mspaudit_app;
ALTER TABLE staff_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_entry_tenant ON staff_entry AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY staff_entry_client ON staff_entry AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_entry TO mspaudit_app;
ALTER TABLE account_exception ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_exception_tenant ON account_exception AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY account_exception_client ON account_exception AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_exception TO mspaudit_app;
