-- Schema auth: the few questions that must be answered before a tenant is known. Each function runs
-- as mspaudit_auth, which sees only the identity tables, and only for a context signed by the
-- application ("door"): an injected statement cannot open a session.
CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA auth TO PUBLIC;
GRANT ALL ON SCHEMA auth TO mspaudit_owner;

CREATE FUNCTION auth.at_the_door() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(tenancy.kind() = 'door', false)
$$;

-- Who holds this session, and what they are to the MSP (and its client) that the URL names.
CREATE FUNCTION auth.enter(token bytea, msp text, client text) RETURNS TABLE (
    session_id uuid, login_id uuid, email text, strength text, platform boolean,
    tenant_id uuid, tenant_slug text, tenant_name text, brand jsonb,
    member_id uuid, member_name text, role text, all_clients boolean,
    client_id uuid, client_slug text, client_name text, unit_id uuid
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    s public.web_session;
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN;
    END IF;
    -- The door closes behind whoever enters: nothing later in this transaction runs at it.
    PERFORM set_config('app.ctx', '', true);
    SELECT w.* INTO s FROM public.web_session w JOIN public.login l ON l.id = w.login_id
        WHERE w.token_hash = token AND w.ended_at IS NULL AND w.expires_at > now() AND l.disabled_at IS NULL;
    IF s.id IS NULL THEN
        RETURN;
    END IF;
    IF s.seen_at < now() - interval '1 minute' THEN
        UPDATE public.web_session w SET seen_at = now() WHERE w.id = s.id;
    END IF;
    RETURN QUERY
        SELECT s.id, l.id, l.email, s.strength, l.platform, t.id, t.slug, t.name, t.brand,
            coalesce(m.id, c.id), coalesce(m.name, c.name), coalesce(m.role, c.role), m.all_clients,
            o.id, o.slug, o.name, c.org_unit_id
        FROM public.login l
        LEFT JOIN public.tenant t ON t.slug = msp AND t.closed_at IS NULL AND (
            EXISTS (SELECT FROM public.staff_member x
                WHERE x.tenant_id = t.id AND x.login_id = l.id AND x.disabled_at IS NULL)
            OR EXISTS (SELECT FROM public.client_member x
                WHERE x.tenant_id = t.id AND x.login_id = l.id AND x.disabled_at IS NULL))
        LEFT JOIN public.staff_member m ON client IS NULL
            AND m.tenant_id = t.id AND m.login_id = l.id AND m.disabled_at IS NULL
        LEFT JOIN public.client o ON client IS NOT NULL
            AND o.tenant_id = t.id AND o.slug = client AND o.archived_at IS NULL
            AND EXISTS (SELECT FROM public.client_member x WHERE x.tenant_id = t.id AND x.client_id = o.id
                AND x.login_id = l.id AND x.disabled_at IS NULL)
        LEFT JOIN public.client_member c ON c.tenant_id = o.tenant_id AND c.client_id = o.id
            AND c.login_id = l.id AND c.disabled_at IS NULL
        WHERE l.id = s.login_id;
END $$;

-- Every place that this session's person serves, and no word of any other.
CREATE FUNCTION auth.places(person uuid) RETURNS TABLE (
    msp_slug text, msp_name text, client_slug text, client_name text, client_kind text, role text,
    member_name text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT t.slug, t.name, NULL::text, NULL::text, NULL::text, m.role, m.name
    FROM public.staff_member m JOIN public.tenant t ON t.id = m.tenant_id
    WHERE m.login_id = person AND person = tenancy.login() AND m.disabled_at IS NULL AND t.closed_at IS NULL
    UNION ALL
    SELECT t.slug, t.name, o.slug, o.name, o.kind, c.role, c.name
    FROM public.client_member c
    JOIN public.tenant t ON t.id = c.tenant_id
    JOIN public.client o ON o.tenant_id = c.tenant_id AND o.id = c.client_id
    WHERE c.login_id = person AND person = tenancy.login() AND c.disabled_at IS NULL
        AND t.closed_at IS NULL AND o.archived_at IS NULL
    ORDER BY 4 NULLS FIRST, 2
$$;

-- What checking a password or a PIN needs. The address is compared in lower case.
CREATE FUNCTION auth.find_login(address text) RETURNS SETOF public.login
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT l.* FROM public.login l WHERE l.email = lower(address) AND auth.at_the_door()
$$;

CREATE FUNCTION auth.get_login(person uuid) RETURNS SETOF public.login
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT l.* FROM public.login l WHERE l.id = person AND auth.at_the_door()
$$;

-- The login of an address, created if it is new.
CREATE FUNCTION auth.ensure_login(address text, new_id uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    found uuid;
BEGIN
    IF NOT auth.at_the_door() THEN
        RAISE insufficient_privilege;
    END IF;
    INSERT INTO public.login (id, email, platform, failures) VALUES (new_id, lower(address), false, 0)
        ON CONFLICT (email) DO NOTHING;
    SELECT l.id INTO found FROM public.login l WHERE l.email = lower(address);
    RETURN found;
END $$;

-- A wrong password or PIN: counts it and locks the login for a while after several (15 minutes at ten).
CREATE FUNCTION auth.count_failure(person uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE public.login SET failures = failures + 1,
        locked_until = CASE WHEN (failures + 1) % 10 = 0 THEN now() + interval '15 minutes' ELSE locked_until END
    WHERE id = person AND auth.at_the_door()
$$;

CREATE FUNCTION auth.open_session(
    session_id uuid, person uuid, token bytea, how text, agent text, addr text, lasts interval, carried jsonb
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT auth.at_the_door() THEN
        RAISE insufficient_privilege;
    END IF;
    INSERT INTO public.web_session (id, login_id, token_hash, strength, user_agent, address, expires_at, scratch)
        VALUES (session_id, person, token, how, agent, addr, now() + lasts, carried);
    IF how = 'full' THEN
        UPDATE public.login SET failures = 0, locked_until = NULL WHERE id = person;
    END IF;
END $$;

-- Does the same work, and nothing, for someone that nobody knows.
CREATE FUNCTION auth.note(event_id uuid, person uuid, what text, agent text, addr text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO public.login_event (id, login_id, what, user_agent, address, at)
    SELECT event_id, l.id, what, agent, addr, clock_timestamp() FROM public.login l WHERE l.id = person AND auth.at_the_door()
$$;

-- Sign-in links: asked (alike for any address), armed by a worker, used once by the browser that asked.
CREATE FUNCTION auth.ask_link(request_id uuid, address text, browser bytea, wanted text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO public.link_request (id, email, browser_hash, next_url)
    SELECT request_id, lower(address), browser, wanted WHERE auth.at_the_door()
$$;

-- Gives the worker the address to write to, once, if someone with a place to go holds it. Staff are told
-- that the link alone does not let them in.
CREATE FUNCTION auth.arm_link(request_id uuid, token bytea) RETURNS TABLE (email text, name text, staff boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    r public.link_request;
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN;
    END IF;
    SELECT q.* INTO r FROM public.link_request q
        WHERE q.id = request_id AND q.sent_at IS NULL AND q.created_at > now() - interval '10 minutes'
        FOR UPDATE SKIP LOCKED;
    IF r.id IS NULL THEN
        RETURN;
    END IF;
    UPDATE public.link_request q SET token_hash = token, sent_at = now() WHERE q.id = r.id;
    RETURN QUERY
        SELECT l.email, coalesce(m.name, c.name, ''), l.platform OR m.name IS NOT NULL FROM public.login l
        LEFT JOIN LATERAL (SELECT x.name FROM public.staff_member x
            WHERE x.login_id = l.id AND x.disabled_at IS NULL ORDER BY x.name LIMIT 1) m ON true
        LEFT JOIN LATERAL (SELECT x.name FROM public.client_member x
            WHERE x.login_id = l.id AND x.disabled_at IS NULL ORDER BY x.name LIMIT 1) c ON true
        WHERE l.email = r.email AND l.disabled_at IS NULL
            AND (l.platform OR m.name IS NOT NULL OR c.name IS NOT NULL);
END $$;

CREATE FUNCTION auth.use_link(token bytea, browser bytea) RETURNS TABLE (login_id uuid, next_url text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT auth.at_the_door() THEN
        RETURN;
    END IF;
    RETURN QUERY
        UPDATE public.link_request q SET used_at = now() FROM public.login l
        WHERE q.token_hash = token AND q.browser_hash = browser AND q.used_at IS NULL
            AND q.created_at > now() - interval '10 minutes' AND l.email = q.email AND l.disabled_at IS NULL
        RETURNING l.id, q.next_url;
END $$;

-- Requests that no worker has served, for the sweep.
CREATE FUNCTION auth.waiting_links() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT q.id FROM public.link_request q
    WHERE q.sent_at IS NULL AND q.created_at > now() - interval '10 minutes' AND auth.at_the_door()
$$;

CREATE FUNCTION auth.forget_old() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM public.link_request WHERE created_at < now() - interval '2 days' AND auth.at_the_door();
    DELETE FROM public.web_session WHERE expires_at < now() - interval '30 days' AND auth.at_the_door();
$$;

-- The tenant that a secret link belongs to; the row itself is then read under that tenant's context.
CREATE FUNCTION auth.invitation(token bytea) RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT i.tenant_id, i.id FROM public.invitation i
    WHERE i.token_hash = token AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
        AND auth.at_the_door()
$$;

CREATE FUNCTION auth.delegation(token bytea) RETURNS TABLE (
    tenant_id uuid, client_id uuid, id uuid, tenant_name text, client_name text, brand jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT d.tenant_id, d.client_id, d.id, t.name, o.name, t.brand FROM public.delegation d
    JOIN public.tenant t ON t.id = d.tenant_id AND t.closed_at IS NULL
    JOIN public.client o ON o.tenant_id = d.tenant_id AND o.id = d.client_id AND o.archived_at IS NULL
    WHERE d.token_hash = token AND d.revoked_at IS NULL AND d.expires_at > now() AND auth.at_the_door()
$$;

-- A new MSP, for provisioning; its first administrator is then added under its own context.
CREATE FUNCTION auth.create_tenant(new_id uuid, new_slug text, new_name text, new_brand jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT auth.at_the_door() THEN
        RAISE insufficient_privilege;
    END IF;
    INSERT INTO public.tenant (id, slug, name, brand) VALUES (new_id, new_slug, new_name, new_brand);
END $$;

-- The MSPs by name, for the platform's staff; counts and content stay behind the tenant's own context.
CREATE FUNCTION auth.tenants(person uuid) RETURNS TABLE (slug text, name text, created_at timestamptz, closed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT t.slug, t.name, t.created_at, t.closed_at FROM public.tenant t
    WHERE EXISTS (SELECT FROM public.login l WHERE l.id = person AND l.id = tenancy.login() AND l.platform)
    ORDER BY t.name
$$;
