-- Bureaus whose records count without a second person (录入数据的审核); the street team is not among them.
INSERT INTO citycredit.source (source, kind, name, trusted_from)
SELECT s.subject::text, k.kind, s.name, '2000-01-01'
  FROM citycredit.subject AS s
 CROSS JOIN unnest(ARRAY['penalty', 'permit', 'act', 'award', 'inspection', 'participation']) AS k (kind)
 WHERE s.kind = 'government_body' AND s.name NOT LIKE '%街道%';
