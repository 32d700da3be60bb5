-- Row-level security of these tables, as mspaudit/tenancy/rls.py declares it.
ALTER TABLE field_campaign ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY field_campaign_tenant ON field_campaign AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY field_campaign_client ON field_campaign AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON field_campaign TO mspaudit_app;
ALTER TABLE direction_answer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY direction_answer_tenant ON direction_answer AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY direction_answer_client ON direction_answer AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON direction_answer TO mspaudit_app;
ALTER TABLE field_group ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY field_group_tenant ON field_group AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY field_group_client ON field_group AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON field_group TO mspaudit_app;
ALTER TABLE field_report ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY field_report_tenant ON field_report AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY field_report_client ON field_report AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON field_report TO mspaudit_app;
ALTER TABLE report_control ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY report_control_tenant ON report_control AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY report_control_client ON report_control AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON report_control TO mspaudit_app;
