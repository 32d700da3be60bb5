-- Row-level security of these tables, as mspaudit/tenancy/rls.py declares it.
ALTER TABLE pin_reset ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
