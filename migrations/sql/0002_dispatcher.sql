-- Which imports are under way, never what they hold; and what a backup reads.
GRANT SELECT (tenant_id, id, state, touched_at) ON intake TO mspaudit_dispatcher;
CREATE POLICY dispatcher_read ON intake FOR SELECT TO mspaudit_dispatcher USING (true);
GRANT SELECT ON intake, intake_part, intake_columns, intake_route TO mspaudit_dump;
