-- Ways back in for those who lost a factor. As every function of schema auth, these answer only to a context
-- signed "door", and decide here, where no page can forget to, whose factors an MSP may touch.
GRANT SELECT, INSERT, UPDATE ON pin_reset TO mspaudit_auth;
GRANT SELECT, DELETE ON passkey, recovery_code TO mspaudit_auth;
CREATE POLICY auth_all ON pin_reset TO mspaudit_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON passkey TO mspaudit_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON recovery_code TO mspaudit_auth USING (true) WITH CHECK (true);
GRANT SELECT (id, asked_at, told_at, closed_at) ON pin_reset TO mspaudit_dispatcher;
CREATE POLICY dispatcher_read ON pin_reset FOR SELECT TO mspaudit_dispatcher USING (true);
GRANT SELECT ON pin_reset TO mspaudit_dump;

-- The code of a member of staff lets nobody in, so it is not for here; nor that of someone who has none.
CREATE FUNCTION auth.may_reset_pin(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT auth.at_the_door() AND EXISTS (SELECT FROM public.login l
        WHERE l.id = person AND l.disabled_at IS NULL AND l.pin_hash IS NOT NULL AND NOT l.platform
            AND NOT EXISTS (SELECT FROM public.staff_member m
                WHERE m.login_id = l.id AND m.disabled_at IS NULL))
$$;

-- The request of this person that still counts, closing one whose week has passed.
CREATE FUNCTION auth.open_pin_reset(person uuid) RETURNS SETOF public.pin_reset
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN;
    END IF;
    UPDATE public.pin_reset r SET closed_at = now(), outcome = 'expired'
        WHERE r.login_id = person AND r.closed_at IS NULL AND r.expires_at <= now();
    RETURN QUERY SELECT r.* FROM public.pin_reset r WHERE r.login_id = person AND r.closed_at IS NULL;
END $$;

-- Asked by the person, whose link alone proved little: a day to wait, during which the mail may be cancelled.
CREATE FUNCTION auth.ask_pin_reset(reset_id uuid, person uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    found uuid;
BEGIN
    IF NOT auth.may_reset_pin(person) THEN
        RETURN NULL;
    END IF;
    PERFORM auth.open_pin_reset(person);
    INSERT INTO public.pin_reset (id, login_id, asked_by, ready_at, expires_at)
        VALUES (reset_id, person, 'self', now() + interval '1 day', now() + interval '8 days')
        ON CONFLICT (login_id) WHERE closed_at IS NULL DO NOTHING RETURNING id INTO found;
    RETURN found;
END $$;

-- Asked by an MSP for someone of its client: at once when it alone serves them, else after the same day as if
-- they had asked themselves. The caller is told the same in both cases, and so learns of no other MSP.
CREATE FUNCTION auth.grant_pin_reset(reset_id uuid, msp uuid, member uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    person uuid;
    wait interval;
    found uuid;
BEGIN
    SELECT c.login_id INTO person FROM public.client_member c
        WHERE c.tenant_id = msp AND c.id = member AND c.disabled_at IS NULL;
    IF person IS NULL OR NOT auth.may_reset_pin(person) THEN
        RETURN NULL;
    END IF;
    wait := CASE WHEN EXISTS (SELECT FROM public.client_member c
        WHERE c.login_id = person AND c.tenant_id <> msp AND c.disabled_at IS NULL)
        THEN interval '1 day' ELSE interval '0' END;
    PERFORM auth.open_pin_reset(person);
    INSERT INTO public.pin_reset AS r (id, login_id, asked_by, ready_at, expires_at)
        VALUES (reset_id, person, 'msp', now() + wait, now() + wait + interval '7 days')
        ON CONFLICT (login_id) WHERE closed_at IS NULL DO UPDATE
            SET asked_by = 'msp', ready_at = EXCLUDED.ready_at, expires_at = EXCLUDED.expires_at, told_at = NULL
            WHERE r.ready_at > EXCLUDED.ready_at
        RETURNING r.id INTO found;
    RETURN found;
END $$;

-- Whom to write to about it, once.
CREATE FUNCTION auth.tell_pin_reset(reset_id uuid, token bytea)
RETURNS TABLE (email text, name text, asked_by text, ready_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN;
    END IF;
    RETURN QUERY
        UPDATE public.pin_reset r SET told_at = now(), token_hash = token FROM public.login l
        WHERE r.id = reset_id AND r.told_at IS NULL AND r.closed_at IS NULL AND l.id = r.login_id
        RETURNING l.email, coalesce((SELECT c.name FROM public.client_member c
            WHERE c.login_id = l.id AND c.disabled_at IS NULL ORDER BY c.name LIMIT 1), ''),
            r.asked_by, r.ready_at, r.expires_at;
END $$;

-- The new code, once its time has come; every session but the one that chose it ends.
CREATE FUNCTION auth.use_pin_reset(person uuid, code_hash text, kept uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    found uuid;
BEGIN
    IF NOT auth.may_reset_pin(person) THEN
        RETURN NULL;
    END IF;
    UPDATE public.pin_reset r SET closed_at = now(), outcome = 'used'
        WHERE r.login_id = person AND r.closed_at IS NULL AND r.ready_at <= now() AND r.expires_at > now()
        RETURNING r.id INTO found;
    IF found IS NOT NULL THEN
        UPDATE public.login l SET pin_hash = code_hash, failures = 0, locked_until = NULL WHERE l.id = person;
        UPDATE public.web_session w SET ended_at = now(), scratch = '{}'
            WHERE w.login_id = person AND w.ended_at IS NULL AND w.id <> kept;
    END IF;
    RETURN found;
END $$;

-- Stopped by the person: from the mail's link, or by coming in with the very code that was said forgotten.
CREATE FUNCTION auth.cancel_pin_reset(token bytea) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE public.pin_reset r SET closed_at = now(), outcome = 'cancelled'
    WHERE r.token_hash = token AND r.closed_at IS NULL AND auth.at_the_door() RETURNING r.login_id
$$;

CREATE FUNCTION auth.drop_pin_reset(person uuid) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE public.pin_reset r SET closed_at = now(), outcome = 'cancelled'
    WHERE r.login_id = person AND r.closed_at IS NULL AND auth.at_the_door() RETURNING r.login_id
$$;

-- Every second factor of a member of staff, gone; the password stays, and is needed to choose another. Not
-- one's own, nor of someone whose factors also guard another MSP or the platform.
CREATE FUNCTION auth.forget_factors(person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT auth.at_the_door() THEN
        RAISE insufficient_privilege;
    END IF;
    DELETE FROM public.passkey k WHERE k.login_id = person;
    DELETE FROM public.recovery_code c WHERE c.login_id = person;
    UPDATE public.login l SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL
        WHERE l.id = person;
    UPDATE public.web_session w SET ended_at = now(), scratch = '{}'
        WHERE w.login_id = person AND w.ended_at IS NULL;
END $$;

CREATE FUNCTION auth.reset_second_factor(admin uuid, msp uuid, member uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    person uuid;
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN NULL;
    END IF;
    SELECT m.login_id INTO person FROM public.staff_member m JOIN public.login l ON l.id = m.login_id
        WHERE m.tenant_id = msp AND m.id = member AND m.disabled_at IS NULL AND m.login_id <> admin
            AND NOT l.platform
            AND EXISTS (SELECT FROM public.staff_member a WHERE a.tenant_id = msp AND a.login_id = admin
                AND a.role = 'admin' AND a.disabled_at IS NULL)
            AND NOT EXISTS (SELECT FROM public.staff_member o WHERE o.login_id = m.login_id
                AND o.tenant_id <> msp AND o.disabled_at IS NULL);
    IF person IS NOT NULL THEN
        PERFORM auth.forget_factors(person);
    END IF;
    RETURN person;
END $$;

-- For the platform's staff, on behalf of an administrator whom no colleague can help.
CREATE FUNCTION auth.platform_reset(agent uuid, msp text, address text)
RETURNS TABLE (tenant_id uuid, member_id uuid, login_id uuid, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r record;
BEGIN
    IF NOT auth.at_the_door()
        OR NOT EXISTS (SELECT FROM public.login l WHERE l.id = agent AND l.platform AND l.disabled_at IS NULL) THEN
        RETURN;
    END IF;
    SELECT t.id AS tenant_id, m.id AS member_id, m.login_id, m.name INTO r
        FROM public.staff_member m JOIN public.tenant t ON t.id = m.tenant_id
        JOIN public.login l ON l.id = m.login_id
        WHERE t.slug = msp AND t.closed_at IS NULL AND l.email = lower(address)
            AND m.role = 'admin' AND m.disabled_at IS NULL AND NOT l.platform;
    IF r.login_id IS NOT NULL THEN
        PERFORM auth.forget_factors(r.login_id);
        RETURN QUERY SELECT r.tenant_id, r.member_id, r.login_id, r.name;
    END IF;
END $$;

GRANT CREATE ON SCHEMA auth TO mspaudit_auth;
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = 'auth' AND p.prosecdef AND pg_get_userbyid(p.proowner) <> 'mspaudit_auth' LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO mspaudit_auth', f);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mspaudit_app', f);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA auth FROM mspaudit_auth;
-- Steps of the functions above, that nobody else takes.
REVOKE EXECUTE ON FUNCTION auth.forget_factors(uuid), auth.may_reset_pin(uuid) FROM mspaudit_app;
