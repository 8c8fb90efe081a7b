-- Telephone and hotline (电话与热线): calls and their recordings, whose extension rings, and cases that a government hotline hands over.

-- Somebody's place on the telephone system (分机): which extension is theirs, and how their browser becomes a telephone.
CREATE TABLE phone_line (
  tenant_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  extension text CHECK (length(extension) BETWEEN 1 AND 40),
  version integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, staff_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE UNIQUE INDEX phone_line_extension ON phone_line (tenant_id, extension) WHERE extension IS NOT NULL;

-- A call (通话). What it is follows from the events that were told of it, in whatever order they came.
CREATE TABLE call (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  -- The telephone system's name for it.
  external_id text NOT NULL CHECK (length(external_id) BETWEEN 1 AND 200),
  events jsonb NOT NULL,
  direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  state text NOT NULL CHECK (state IN ('ringing', 'answered', 'ended', 'missed')),
  caller text,
  callee text,
  -- The number of the other side: the caller's of what comes in, the callee's of what goes out.
  number text,
  agent text,
  staff_id uuid,
  started_at timestamptz NOT NULL,
  answered_at timestamptz,
  ended_at timestamptz,
  customer_id uuid,
  -- 'number': the number is one they proved to be theirs; 'chosen': somebody said so.
  customer_by text CHECK (customer_by IN ('number', 'chosen')),
  ticket_id uuid,
  -- The ticket was opened so that somebody calls back.
  calls_back boolean NOT NULL DEFAULT false,
  note text NOT NULL DEFAULT '',
  -- It was made here (点击拨号): waits to be asked for, was asked for once, or came to nothing.
  dial_state text CHECK (dial_state IN ('waiting', 'asked', 'failed')),
  -- The recording is fetched, then its words, each in its own time: a row is its own job.
  recording_state text NOT NULL DEFAULT 'none' CHECK (recording_state IN ('none', 'waiting', 'kept', 'lost')),
  recording_url bytea,
  recording_file_id uuid,
  recording_failure text,
  transcript_state text NOT NULL DEFAULT 'none' CHECK (transcript_state IN ('none', 'waiting', 'done', 'failed')),
  transcript jsonb,
  transcript_text text,
  transcript_failure text,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz,
  -- When who listened last: each listening is audited once.
  heard jsonb NOT NULL DEFAULT '{}',
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, account_id, external_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket,
  FOREIGN KEY (tenant_id, recording_file_id) REFERENCES file
);
CREATE INDEX call_newest ON call (tenant_id, id DESC);
CREATE INDEX call_of_staff ON call (tenant_id, staff_id, id DESC) WHERE staff_id IS NOT NULL;
CREATE INDEX call_of_number ON call (tenant_id, number, id DESC) WHERE number IS NOT NULL;
CREATE INDEX call_of_customer ON call (tenant_id, customer_id, id DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX call_of_ticket ON call (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX call_of_recording ON call (tenant_id, recording_file_id) WHERE recording_file_id IS NOT NULL;
CREATE INDEX call_going_on ON call (started_at) WHERE state IN ('ringing', 'answered');
CREATE INDEX call_due ON call (due_at) WHERE due_at IS NOT NULL;

-- A recording hangs on its call, never on a ticket: listening is allowed and audited by the call.
ALTER TABLE file DROP CONSTRAINT file_purpose_check;
ALTER TABLE file ADD CONSTRAINT file_purpose_check CHECK (purpose IN ('attachment', 'photo', 'signature', 'recording')) NOT VALID;

-- What writes down what was said (语音转写).
CREATE TABLE speech_setting (
  tenant_id uuid PRIMARY KEY,
  enabled boolean NOT NULL,
  protocol text NOT NULL CHECK (protocol IN ('whisper', 'funasr')),
  base_url text,
  model text,
  language text,
  sealed_key bytea,
  timeout_seconds integer NOT NULL,
  version integer NOT NULL,
  updated_at timestamptz NOT NULL,
  FOREIGN KEY (tenant_id) REFERENCES organization
);

-- The hotline's categories and what they are here, as versions (热线分类对照表). The newest is in use.
CREATE TABLE hotline_codes (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  number integer NOT NULL,
  -- [{code, name, category}]
  codes jsonb NOT NULL,
  note text,
  created_by uuid,
  created_by_name text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, account_id, number),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account
);

-- A case that a hotline handed over (热线派单), and how it stands there.
CREATE TABLE hotline_case (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  case_number text NOT NULL CHECK (length(case_number) BETWEEN 1 AND 100),
  ticket_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('dispatched', 'accepted', 'returned', 'finished')),
  extension text CHECK (extension IN ('asked', 'granted', 'refused')),
  code text,
  code_name text,
  codes_number integer,
  dispatched_at timestamptz NOT NULL,
  deadline_at timestamptz,
  urged integer NOT NULL DEFAULT 0,
  -- What the hotline heard when it asked the citizen: 1 to 5, and their words.
  satisfaction smallint CHECK (satisfaction BETWEEN 1 AND 5),
  satisfaction_words text,
  satisfied_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, account_id, case_number),
  FOREIGN KEY (tenant_id, account_id) REFERENCES channel_account,
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket
);
CREATE INDEX hotline_case_ticket ON hotline_case (tenant_id, ticket_id);

-- What the hotline is told (热线回报), in its order, until it has heard it. A row is its own job.
CREATE TABLE hotline_report (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('accepted', 'returned', 'extension_asked', 'finished', 'revisited')),
  body jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'by_hand')),
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz,
  failure text,
  made_by text,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, case_id) REFERENCES hotline_case
);
CREATE INDEX hotline_report_case ON hotline_report (tenant_id, case_id, id);
CREATE INDEX hotline_report_due ON hotline_report (due_at) WHERE due_at IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['phone_line', 'call', 'speech_setting', 'hotline_codes', 'hotline_case', 'hotline_report']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (
         tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::uuid
         OR current_setting(''app.tenant'', true) = ''00000000-0000-0000-0000-000000000000'')', name);
  END LOOP;
END $$;
