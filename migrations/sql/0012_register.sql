-- A line of a client's register of advice: numbered, dated, signed and chained as it is written, whoever
-- writes it. The client's chain is locked first, so that two writers follow one another; whoever writes in
-- several chains takes them in the order of their identifiers. mspaudit/plan/register_file.py holds the same
-- hash, for third parties who have no database.
CREATE OR REPLACE FUNCTION tenancy.chain_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    written text := 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
    who text := tenancy.kind();
BEGIN
    -- The client decides: the MSP's people can only write down what they were told, and it shows for ever.
    IF NEW.kind IN ('accepted', 'refused', 'postponed', 'contested') AND who IN ('msp', 'limited')
            AND NEW.payload ->> 'channel' IS DISTINCT FROM 'override' THEN
        RAISE insufficient_privilege USING MESSAGE = 'only the client decides';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.tenant_id::text || NEW.client_id::text, 12));
    SELECT e.seq, e.hash INTO NEW.seq, NEW.prev_hash FROM public.decision_event e
        WHERE e.tenant_id = NEW.tenant_id AND e.client_id = NEW.client_id ORDER BY e.seq DESC LIMIT 1;
    NEW.seq := coalesce(NEW.seq, 0) + 1;
    NEW.prev_hash := coalesce(NEW.prev_hash, '\x');
    NEW.recorded_at := clock_timestamp();
    NEW.actor_kind := coalesce(who, '-');
    NEW.login_id := tenancy.login();
    NEW.hash := sha256(convert_to(concat_ws(E'\n',
        encode(NEW.prev_hash, 'hex'), NEW.seq, NEW.tenant_id, NEW.client_id,
        coalesce(NEW.recommendation_id::text, '-'),
        to_char(NEW.at AT TIME ZONE 'UTC', written), to_char(NEW.recorded_at AT TIME ZONE 'UTC', written),
        NEW.kind, NEW.actor_kind, coalesce(NEW.login_id::text, '-'), NEW.payload::text
    ), 'UTF8'));
    RETURN NEW;
END $$;

GRANT SELECT ON decision_event TO mspaudit_scribe;
CREATE POLICY scribe_read ON decision_event FOR SELECT TO mspaudit_scribe USING (true);
GRANT CREATE ON SCHEMA tenancy TO mspaudit_scribe;
ALTER FUNCTION tenancy.chain_decision() OWNER TO mspaudit_scribe;
REVOKE CREATE ON SCHEMA tenancy FROM mspaudit_scribe;
CREATE TRIGGER decision_chain BEFORE INSERT ON public.decision_event
    FOR EACH ROW EXECUTE FUNCTION tenancy.chain_decision();
GRANT SELECT ON action_item, recommendation, decision, decision_event, register_anchor TO mspaudit_dump;
