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

-- The hash of one entry over the previous one: every field, separated so that none can slide into another.
CREATE FUNCTION tenancy.journal_hash(previous bytea, seq bigint, entry public.journal) RETURNS bytea
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
    RETURN sha256(previous || convert_to(jsonb_build_array(
        seq, entry.tenant_id, entry.id, extract(epoch FROM entry.at), entry.verb, entry.subject, entry.subject_id,
        entry.client_id, entry.actor_kind, entry.actor, entry.login_id, entry.data
    )::text, 'UTF8'));
END $$;

-- A transaction's journal rows join the tenant's chain when it commits: the head is locked last, after
-- every other row, so that two writers cannot wait for each other in a ring. The first row to fire chains
-- them all, for the head must not be rewritten once a row in a long transaction. Rows without a number
-- are this transaction's own: others' are either committed, hence numbered, or invisible.
CREATE FUNCTION tenancy.chain_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    head public.journal_head;
    entry public.journal;
BEGIN
    IF NEW.seq IS NOT NULL OR NEW.hash IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'the chain numbers its entries itself';
    END IF;
    IF EXISTS (SELECT FROM public.journal WHERE tenant_id = NEW.tenant_id AND id = NEW.id AND seq IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.journal_head (tenant_id, seq, hash) VALUES (NEW.tenant_id, 0, '\x')
        ON CONFLICT (tenant_id) DO NOTHING;
    SELECT * INTO head FROM public.journal_head WHERE tenant_id = NEW.tenant_id FOR UPDATE;
    FOR entry IN SELECT * FROM public.journal WHERE tenant_id = NEW.tenant_id AND seq IS NULL ORDER BY id LOOP
        head.seq := head.seq + 1;
        head.hash := tenancy.journal_hash(head.hash, head.seq, entry);
        UPDATE public.journal SET seq = head.seq, hash = head.hash
            WHERE tenant_id = entry.tenant_id AND id = entry.id;
    END LOOP;
    UPDATE public.journal_head SET seq = head.seq, hash = head.hash WHERE tenant_id = NEW.tenant_id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_chain AFTER INSERT ON public.journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenancy.chain_journal();
