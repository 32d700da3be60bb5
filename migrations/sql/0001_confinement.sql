-- The clients that a context is confined to: NULL means all of the tenant's, an empty array none.
-- Needs the table assignment, hence a file of its own.
CREATE FUNCTION tenancy.clients() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    v text[] := tenancy.verified();
BEGIN
    CASE v[2]
        WHEN 'msp', 'job' THEN
            RETURN NULL;
        WHEN 'limited' THEN
            RETURN coalesce((
                SELECT array_agg(a.client_id) FROM public.assignment a
                WHERE a.tenant_id = v[1]::uuid AND a.member_id = nullif(v[5], '-')::uuid
            ), '{}');
        WHEN 'client', 'guest' THEN
            RETURN ARRAY[nullif(v[3], '-')::uuid];
        ELSE
            RETURN '{}';
    END CASE;
END $$;

-- Each transaction's journal rows join the tenant's chain when it commits: the head is locked last,
-- after every other row, so that two writers cannot wait for each other in a ring.
CREATE FUNCTION tenancy.chain_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    head public.journal_head;
    link bytea;
BEGIN
    INSERT INTO public.journal_head (tenant_id, seq, hash) VALUES (NEW.tenant_id, 0, '\x')
        ON CONFLICT (tenant_id) DO NOTHING;
    SELECT * INTO head FROM public.journal_head WHERE tenant_id = NEW.tenant_id FOR UPDATE;
    link := tenancy.journal_hash(head.hash, head.seq + 1, NEW);
    UPDATE public.journal SET seq = head.seq + 1, hash = link
        WHERE tenant_id = NEW.tenant_id AND id = NEW.id;
    IF NOT FOUND THEN
        -- The context that commits cannot see the row: an entry outside the chain must not exist.
        RAISE insufficient_privilege USING MESSAGE = 'a journal entry outside its context';
    END IF;
    UPDATE public.journal_head SET seq = head.seq + 1, hash = link WHERE tenant_id = NEW.tenant_id;
    RETURN NULL;
END $$;

-- The hash of one entry over the previous one: every field, separated so that none can slide into another.
CREATE FUNCTION tenancy.journal_hash(previous bytea, seq bigint, entry public.journal) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        seq, entry.tenant_id, entry.id, extract(epoch FROM entry.at), entry.verb, entry.subject, entry.subject_id,
        entry.client_id, entry.actor_kind, entry.actor, entry.login_id, entry.data
    )::text, 'UTF8'))
$$;

CREATE CONSTRAINT TRIGGER journal_chain AFTER INSERT ON public.journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenancy.chain_journal();
