-- The doors of backups: a job's secret address, by the web and by mail. Like the rest of schema auth they
-- answer only to a context signed « door », and run as mspaudit_auth with the rights given at the end.

-- One signal: the event and the job's standing, in one call, true once written. False for an address that
-- is nobody's. `event` makes a call that is tried again write once. `working`: the working days from
-- yesterday on. mspaudit/backups/rules.py holds the same rule (heard), and a test holds the two equal.
DROP FUNCTION IF EXISTS auth.ping(bytea, text, integer, text, uuid, date[]);
CREATE FUNCTION auth.ping(token bytea, what text, code integer, said text, event uuid, working date[])
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    j public.backup_job;
    heard timestamptz := clock_timestamp();
    here timestamp := heard AT TIME ZONE 'Europe/Paris';
    days date[];
    due timestamptz;
    took integer;
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN NULL;
    END IF;
    SELECT b.* INTO j FROM public.backup_job b
        JOIN public.tenant t ON t.id = b.tenant_id AND t.closed_at IS NULL
        WHERE b.token_hash = token;
    IF j.id IS NULL THEN
        RETURN false;
    END IF;
    IF what = 'fail' OR (what = 'success' AND j.working_days) THEN
        days := ARRAY(SELECT d FROM unnest(working) d WHERE d >= here::date ORDER BY d);
    END IF;
    IF what IN ('success', 'fail') AND j.started_at > heard - interval '7 days' THEN
        took := extract(epoch FROM heard - j.started_at)::integer;
    END IF;
    INSERT INTO public.backup_event
        (tenant_id, id, client_id, job_id, at, kind, source, exit_code, seconds, body, answer_by)
    VALUES (j.tenant_id, event, j.client_id, j.id, heard, what, 'ping', code, took, said,
        CASE WHEN what = 'fail' THEN
            ((CASE WHEN days[1] = here::date THEN days[2] ELSE days[1] END) + 1)::timestamp
                AT TIME ZONE 'Europe/Paris' END)
    ON CONFLICT (tenant_id, id) DO NOTHING;
    IF NOT FOUND OR what = 'log' THEN
        RETURN true;
    END IF;
    IF what = 'start' THEN
        UPDATE public.backup_job b SET started_at = heard WHERE b.tenant_id = j.tenant_id AND b.id = j.id;
        RETURN true;
    END IF;
    -- Said again within the second: the standing is the same, and a burst does not queue for the row.
    IF j.last_result = what AND j.last_result_at > heard - interval '1 second' AND j.started_at IS NULL THEN
        RETURN true;
    END IF;
    IF what = 'success' THEN
        IF j.working_days THEN
            here := days[1 + j.period_hours / 24]
                + (CASE WHEN days[1] = here::date THEN here::time ELSE time '00:00' END);
        ELSE
            here := here + make_interval(days => j.period_hours / 24);
        END IF;
        due := (here AT TIME ZONE 'Europe/Paris')
            + make_interval(hours => j.period_hours % 24 + j.grace_hours);
        -- A signal during a pause does not shorten the time given after it.
        due := greatest(due, CASE WHEN j.paused_until > heard THEN j.due_at END);
    END IF;
    UPDATE public.backup_job b SET last_result = what, last_result_at = heard, started_at = NULL,
        last_ok_at = CASE WHEN what = 'success' THEN heard ELSE b.last_ok_at END,
        due_at = coalesce(due, b.due_at)
        WHERE b.tenant_id = j.tenant_id AND b.id = j.id;
    -- What it proves changed: have the client's figures recomputed.
    IF j.last_result IS DISTINCT FROM what OR j.due_at < heard THEN
        INSERT INTO public.dirty_client (tenant_id, client_id, since, profile)
            VALUES (j.tenant_id, j.client_id, heard, false)
        ON CONFLICT (tenant_id, client_id) DO UPDATE SET since = excluded.since;
    END IF;
    RETURN true;
END $$;

-- Whose a mail may be: the job of one of these secret addresses, the MSP of that name, or the jobs that
-- expect this sender (oldest first, whatever the MSP: the caller compares their words with the mail's).
DROP FUNCTION IF EXISTS auth.mail_routes(bytea[], text, text);
CREATE FUNCTION auth.mail_routes(tokens bytea[], msp text, sender text)
RETURNS TABLE (how text, tenant_id uuid, job_id uuid, words jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT 'token', b.tenant_id, b.id, b.mail_words FROM public.backup_job b
        JOIN public.tenant t ON t.id = b.tenant_id AND t.closed_at IS NULL
        WHERE b.token_hash = ANY (tokens);
    RETURN QUERY
        SELECT 'msp', t.id, NULL::uuid, NULL::jsonb FROM public.tenant t
        WHERE t.slug = msp AND t.closed_at IS NULL;
    RETURN QUERY
        SELECT 'sender', b.tenant_id, b.id, b.mail_words FROM public.backup_job b
        JOIN public.tenant t ON t.id = b.tenant_id AND t.closed_at IS NULL
        WHERE b.mail_from ?| ARRAY[sender, '@' || split_part(sender, '@', 2)] AND b.archived_at IS NULL
        ORDER BY b.created_at, b.id LIMIT 200;
END $$;

GRANT SELECT, UPDATE (last_result, last_result_at, last_ok_at, started_at, due_at) ON backup_job TO mspaudit_auth;
GRANT SELECT, INSERT ON backup_event TO mspaudit_auth;
GRANT SELECT, INSERT, UPDATE (since) ON dirty_client TO mspaudit_auth;
CREATE POLICY auth_read ON backup_job FOR SELECT TO mspaudit_auth USING (true);
CREATE POLICY auth_heard ON backup_job FOR UPDATE TO mspaudit_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_read ON backup_event FOR SELECT TO mspaudit_auth USING (true);
CREATE POLICY auth_heard ON backup_event FOR INSERT TO mspaudit_auth WITH CHECK (true);
DROP POLICY IF EXISTS auth_all ON dirty_client;
CREATE POLICY auth_all ON dirty_client TO mspaudit_auth USING (true) WITH CHECK (true);

GRANT CREATE ON SCHEMA auth TO mspaudit_auth;
ALTER FUNCTION auth.ping(bytea, text, integer, text, uuid, date[]) OWNER TO mspaudit_auth;
ALTER FUNCTION auth.mail_routes(bytea[], text, text) OWNER TO mspaudit_auth;
REVOKE CREATE ON SCHEMA auth FROM mspaudit_auth;
REVOKE ALL ON FUNCTION auth.ping(bytea, text, integer, text, uuid, date[]),
    auth.mail_routes(bytea[], text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.ping(bytea, text, integer, text, uuid, date[]),
    auth.mail_routes(bytea[], text, text) TO mspaudit_app;
GRANT SELECT ON backup_job, backup_mail, backup_event, restore_test, backup_coverage TO mspaudit_dump;
