-- Row-level security of every table, as mspaudit/tenancy/rls.py declares it.
GRANT SELECT, INSERT, UPDATE ON heartbeat TO mspaudit_app;
ALTER TABLE link_request ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE login ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY login_own ON login AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (id = (SELECT tenancy.login()))
    WITH CHECK (id = (SELECT tenancy.login()));
GRANT SELECT, UPDATE (password_hash, pin_hash, totp_secret, totp_confirmed_at, totp_last_step) ON login TO mspaudit_app;
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_select ON tenant AS PERMISSIVE FOR SELECT TO mspaudit_app, mspaudit_owner
    USING (id = (SELECT tenancy.tenant()));
CREATE POLICY tenant_insert ON tenant AS PERMISSIVE FOR INSERT TO mspaudit_app, mspaudit_owner
    WITH CHECK (id = (SELECT tenancy.whole_tenant()));
CREATE POLICY tenant_update ON tenant AS PERMISSIVE FOR UPDATE TO mspaudit_app, mspaudit_owner
    USING (id = (SELECT tenancy.whole_tenant()))
    WITH CHECK (id = (SELECT tenancy.whole_tenant()));
CREATE POLICY tenant_delete ON tenant AS PERMISSIVE FOR DELETE TO mspaudit_app, mspaudit_owner
    USING (id = (SELECT tenancy.whole_tenant()));
GRANT SELECT, UPDATE (name, brand) ON tenant TO mspaudit_app;
ALTER TABLE client ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY client_tenant ON client AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY client_client ON client AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE ON client TO mspaudit_app;
ALTER TABLE import_run ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY import_run_tenant ON import_run AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_run TO mspaudit_app;
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY invitation_tenant ON invitation AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON invitation TO mspaudit_app;
ALTER TABLE journal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY journal_tenant ON journal AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY journal_client ON journal AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT ON journal TO mspaudit_app;
ALTER TABLE journal_head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY journal_head_tenant ON journal_head AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
ALTER TABLE login_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY login_event_login ON login_event AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (login_id = (SELECT tenancy.login()))
    WITH CHECK (login_id = (SELECT tenancy.login()));
GRANT SELECT, INSERT ON login_event TO mspaudit_app;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_tenant ON outbox AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY outbox_client ON outbox AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO mspaudit_app;
ALTER TABLE pack ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY pack_select ON pack AS PERMISSIVE FOR SELECT TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY pack_insert ON pack AS PERMISSIVE FOR INSERT TO mspaudit_app, mspaudit_owner
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY pack_update ON pack AS PERMISSIVE FOR UPDATE TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY pack_delete ON pack AS PERMISSIVE FOR DELETE TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON pack TO mspaudit_app;
ALTER TABLE passkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY passkey_login ON passkey AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (login_id = (SELECT tenancy.login()))
    WITH CHECK (login_id = (SELECT tenancy.login()));
GRANT SELECT, INSERT, UPDATE, DELETE ON passkey TO mspaudit_app;
ALTER TABLE period ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY period_tenant ON period AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON period TO mspaudit_app;
ALTER TABLE portfolio_day ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY portfolio_day_tenant ON portfolio_day AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON portfolio_day TO mspaudit_app;
ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY recovery_code_login ON recovery_code AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (login_id = (SELECT tenancy.login()))
    WITH CHECK (login_id = (SELECT tenancy.login()));
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_code TO mspaudit_app;
ALTER TABLE staff_member ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_member_select ON staff_member AS PERMISSIVE FOR SELECT TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY staff_member_insert ON staff_member AS PERMISSIVE FOR INSERT TO mspaudit_app, mspaudit_owner
    WITH CHECK (tenant_id = (SELECT tenancy.whole_tenant()));
CREATE POLICY staff_member_update ON staff_member AS PERMISSIVE FOR UPDATE TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.whole_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.whole_tenant()));
CREATE POLICY staff_member_delete ON staff_member AS PERMISSIVE FOR DELETE TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.whole_tenant()));
GRANT SELECT, INSERT, UPDATE ON staff_member TO mspaudit_app;
ALTER TABLE web_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY web_session_login ON web_session AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (login_id = (SELECT tenancy.login()))
    WITH CHECK (login_id = (SELECT tenancy.login()));
GRANT SELECT, UPDATE (ended_at, scratch) ON web_session TO mspaudit_app;
ALTER TABLE assessment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY assessment_tenant ON assessment AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY assessment_client ON assessment AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE ON assessment TO mspaudit_app;
ALTER TABLE assignment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY assignment_select ON assignment AS PERMISSIVE FOR SELECT TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY assignment_insert ON assignment AS PERMISSIVE FOR INSERT TO mspaudit_app, mspaudit_owner
    WITH CHECK (tenant_id = (SELECT tenancy.whole_tenant()));
CREATE POLICY assignment_update ON assignment AS PERMISSIVE FOR UPDATE TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.whole_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.whole_tenant()));
CREATE POLICY assignment_delete ON assignment AS PERMISSIVE FOR DELETE TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.whole_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON assignment TO mspaudit_app;
ALTER TABLE client_tag ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY client_tag_tenant ON client_tag AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY client_tag_client ON client_tag AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON client_tag TO mspaudit_app;
ALTER TABLE dirty_client ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY dirty_client_tenant ON dirty_client AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY dirty_client_client ON dirty_client AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON dirty_client TO mspaudit_app;
ALTER TABLE impact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY impact_tenant ON impact AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY impact_client ON impact AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON impact TO mspaudit_app;
ALTER TABLE org_unit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY org_unit_tenant ON org_unit AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY org_unit_client ON org_unit AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON org_unit TO mspaudit_app;
ALTER TABLE pack_control ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY pack_control_select ON pack_control AS PERMISSIVE FOR SELECT TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY pack_control_insert ON pack_control AS PERMISSIVE FOR INSERT TO mspaudit_app, mspaudit_owner
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY pack_control_update ON pack_control AS PERMISSIVE FOR UPDATE TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.msp_tenant()));
CREATE POLICY pack_control_delete ON pack_control AS PERMISSIVE FOR DELETE TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.msp_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON pack_control TO mspaudit_app;
ALTER TABLE snapshot ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY snapshot_tenant ON snapshot AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY snapshot_client ON snapshot AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON snapshot TO mspaudit_app;
ALTER TABLE standing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY standing_tenant ON standing AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY standing_client ON standing AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON standing TO mspaudit_app;
ALTER TABLE answer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY answer_tenant ON answer AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY answer_client ON answer AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON answer TO mspaudit_app;
ALTER TABLE client_member ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY client_member_tenant ON client_member AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY client_member_client ON client_member AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE ON client_member TO mspaudit_app;
ALTER TABLE delegation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY delegation_tenant ON delegation AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY delegation_client ON delegation AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON delegation TO mspaudit_app;
ALTER TABLE person ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY person_tenant ON person AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY person_client ON person AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
CREATE POLICY person_unit ON person AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (((SELECT tenancy.unit()) IS NULL OR org_unit_id = (SELECT tenancy.unit())))
    WITH CHECK (((SELECT tenancy.unit()) IS NULL OR org_unit_id = (SELECT tenancy.unit())));
GRANT SELECT, INSERT, UPDATE, DELETE ON person TO mspaudit_app;
ALTER TABLE answer_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY answer_event_tenant ON answer_event AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY answer_event_client ON answer_event AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT ON answer_event TO mspaudit_app;
ALTER TABLE delegated_question ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY delegated_question_tenant ON delegated_question AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY delegated_question_client ON delegated_question AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON delegated_question TO mspaudit_app;
ALTER TABLE evidence ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY evidence_tenant ON evidence AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY evidence_client ON evidence AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON evidence TO mspaudit_app;
ALTER TABLE referent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY referent_tenant ON referent AS PERMISSIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (tenant_id = (SELECT tenancy.tenant()))
    WITH CHECK (tenant_id = (SELECT tenancy.tenant()));
CREATE POLICY referent_client ON referent AS RESTRICTIVE FOR ALL TO mspaudit_app, mspaudit_owner
    USING (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END)
    WITH CHECK (CASE WHEN (SELECT tenancy.clients()) IS NULL THEN true ELSE client_id = ANY ((SELECT tenancy.clients())::uuid[]) END);
GRANT SELECT, INSERT, UPDATE, DELETE ON referent TO mspaudit_app;
