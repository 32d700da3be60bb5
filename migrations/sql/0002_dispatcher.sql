-- Which imports are under way, never what they hold.
GRANT SELECT (tenant_id, id, state, touched_at) ON intake TO mspaudit_dispatcher;
CREATE POLICY dispatcher_read ON intake FOR SELECT TO mspaudit_dispatcher USING (true);
