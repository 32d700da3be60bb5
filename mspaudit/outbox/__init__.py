"""Mail that must leave once: written with what it tells, sent by a worker, marked when gone."""
