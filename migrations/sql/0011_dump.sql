GRANT SELECT ON incident, incident_clock, incident_entry, incident_lesson, signing_right TO mspaudit_dump;
