-- A request whose client is gone names no place any more: its session_id and command are null until the same command comes
-- again, which is found by the digest.
ALTER TABLE approval_request ALTER COLUMN session_id DROP NOT NULL;
ALTER TABLE approval_request ALTER COLUMN command DROP NOT NULL;
CREATE INDEX approval_request_by_digest ON approval_request (digest, state);
