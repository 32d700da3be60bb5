-- What the roles other than app may do.
GRANT EXECUTE ON FUNCTION auth.at_the_door() TO PUBLIC;
GRANT EXECUTE ON FUNCTION tenancy.verified() TO mspaudit_owner;

-- auth: the identity tables, every row, and the columns that the functions read.
GRANT SELECT ON login, web_session, staff_member, client_member, tenant, client, invitation, delegation,
    link_request TO mspaudit_auth;
GRANT INSERT, UPDATE ON login, web_session, link_request, login_event TO mspaudit_auth;
GRANT INSERT ON tenant TO mspaudit_auth;
GRANT DELETE ON link_request, web_session TO mspaudit_auth;
CREATE POLICY auth_all ON login TO mspaudit_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON web_session TO mspaudit_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON link_request TO mspaudit_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON login_event TO mspaudit_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_read ON staff_member FOR SELECT TO mspaudit_auth USING (true);
CREATE POLICY auth_read ON client_member FOR SELECT TO mspaudit_auth USING (true);
CREATE POLICY auth_read ON tenant FOR SELECT TO mspaudit_auth USING (true);
CREATE POLICY auth_insert ON tenant FOR INSERT TO mspaudit_auth WITH CHECK (true);
CREATE POLICY auth_read ON client FOR SELECT TO mspaudit_auth USING (true);
CREATE POLICY auth_read ON invitation FOR SELECT TO mspaudit_auth USING (true);
CREATE POLICY auth_read ON delegation FOR SELECT TO mspaudit_auth USING (true);

-- The functions of schema auth belong to that role, and only the application calls them.
-- A function's new owner must be able to create in its schema, for that moment only.
GRANT CREATE ON SCHEMA auth TO mspaudit_auth;
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = 'auth' AND p.prosecdef LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO mspaudit_auth', f);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mspaudit_app', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA auth FROM mspaudit_auth;

-- scribe: numbers and chains the journal, whoever's transaction commits, and can do nothing else.
GRANT SELECT, UPDATE (seq, hash) ON journal TO mspaudit_scribe;
GRANT SELECT, INSERT, UPDATE ON journal_head TO mspaudit_scribe;
CREATE POLICY scribe_read ON journal FOR SELECT TO mspaudit_scribe USING (true);
CREATE POLICY scribe_chain ON journal FOR UPDATE TO mspaudit_scribe USING (seq IS NULL) WITH CHECK (true);
CREATE POLICY scribe_all ON journal_head TO mspaudit_scribe USING (true) WITH CHECK (true);
GRANT CREATE ON SCHEMA tenancy TO mspaudit_scribe;
ALTER FUNCTION tenancy.chain_journal() OWNER TO mspaudit_scribe;
REVOKE CREATE ON SCHEMA tenancy FROM mspaudit_scribe;

-- dispatcher: which tenants have work due, never what it is about.
GRANT SELECT (id, closed_at) ON tenant TO mspaudit_dispatcher;
GRANT SELECT (tenant_id, since) ON dirty_client TO mspaudit_dispatcher;
GRANT SELECT (tenant_id, id, state, due_at) ON outbox TO mspaudit_dispatcher;
GRANT SELECT (tenant_id, id, state, touched_at) ON import_run TO mspaudit_dispatcher;
GRANT SELECT (id, sent_at, created_at) ON link_request TO mspaudit_dispatcher;
GRANT SELECT, INSERT, UPDATE ON period TO mspaudit_dispatcher;
GRANT SELECT, INSERT, UPDATE ON heartbeat TO mspaudit_dispatcher;
CREATE POLICY dispatcher_read ON tenant FOR SELECT TO mspaudit_dispatcher USING (true);
CREATE POLICY dispatcher_read ON dirty_client FOR SELECT TO mspaudit_dispatcher USING (true);
CREATE POLICY dispatcher_read ON outbox FOR SELECT TO mspaudit_dispatcher USING (true);
CREATE POLICY dispatcher_read ON import_run FOR SELECT TO mspaudit_dispatcher USING (true);
CREATE POLICY dispatcher_read ON link_request FOR SELECT TO mspaudit_dispatcher USING (true);
CREATE POLICY dispatcher_all ON period TO mspaudit_dispatcher USING (true) WITH CHECK (true);

-- dump: everything, to read.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO mspaudit_dump;
