PRAGMA application_id = 1111835731;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE chain_head ( -- one row: the last event, written together with it
    seq INTEGER NOT NULL,               -- 0 before the first event
    hash TEXT NOT NULL                  -- store.genesis before the first event
);
INSERT INTO "chain_head" VALUES(5,'fab2b12cdd98594453c576fcb15e9ed37cead98382402f8325735bfbd7d5497d');
CREATE TABLE event ( -- everything that happened, in order; rows are only ever added
    seq INTEGER NOT NULL PRIMARY KEY,   -- 1, 2, 3 … without gaps
    event_id TEXT NOT NULL UNIQUE,      -- the event's own name; a repeated write is stored once
    stream TEXT NOT NULL,               -- an infusion_id, or "store", or "people"
    at TEXT NOT NULL,                   -- when it happened: record time, UTC, ISO 8601
    wall_utc TEXT NOT NULL,             -- what the laptop's wall clock said when it was saved
    utc_offset_min INTEGER NOT NULL,    -- minutes that local time was ahead of UTC
    steady_s TEXT NOT NULL,             -- seconds since that boot, sleep included, a decimal as text
    boot_id TEXT NOT NULL,              -- which boot of the laptop
    laptop TEXT NOT NULL,               -- which laptop
    version TEXT NOT NULL,              -- which version of the program
    "by" TEXT,                          -- person_id; null: the program itself
    co TEXT,                            -- person_id of the second person, if there was one
    type TEXT NOT NULL,                 -- kind of event, as in the payload
    payload TEXT NOT NULL,              -- the event as canonical JSON, decimals as text
    prev_hash TEXT NOT NULL,            -- hash of the event before; of the first one: store.genesis
    hash TEXT NOT NULL                  -- SHA-256 over prev_hash and the canonical JSON of all other columns
);
INSERT INTO "event" VALUES(1,'e1','inf-1','2026-03-01T08:01:00.000000Z','2026-03-01T08:00:00.000000Z',480,'12.500000','boot-1','ward-laptop','0.1.0','nurse-1',NULL,'NoteAdded','{"text":"note 1","type":"NoteAdded"}','1sdca51ff49a65c394158596b669b1c5dd734a25aa864c871a8784eac18444b4','06ffdc465ef1daf101eb53fc718b8e13d9f726e4bf5ffdc69616acc4b372259c');
INSERT INTO "event" VALUES(2,'e2','inf-1','2026-03-01T08:02:00.000000Z','2026-03-01T08:00:00.000000Z',480,'12.500000','boot-1','ward-laptop','0.1.0','nurse-1',NULL,'NoteAdded','{"text":"note 2","type":"NoteAdded"}','06ffdc465ef1daf101eb53fc718b8e13d9f726e4bf5ffdc69616acc4b372259c','3f1999a29b08762e587ef08eaebf8a1ce3c174fa98ebe36071cfa5e0c43fd13d');
INSERT INTO "event" VALUES(3,'e3','inf-1','2026-03-01T08:03:00.000000Z','2026-03-01T08:00:00.000000Z',480,'12.500000','boot-1','ward-laptop','0.1.0','nurse-1',NULL,'RateSet','{"rate_gtt_min":"35.0","reason":"","type":"RateSet"}','3f1999a29b08762e587ef08eaebf8a1ce3c174fa98ebe36071cfa5e0c43fd13d','37e1373291d3660b97961fa4c8584a4270c1236cf1992f420a664ea294d0127e');
INSERT INTO "event" VALUES(4,'e4','inf-1','2026-03-01T08:04:00.000000Z','2026-03-01T08:00:00.000000Z',480,'12.500000','boot-1','ward-laptop','0.1.0','nurse-1',NULL,'VitalsRecorded','{"consciousness":"A","discomfort":false,"discomfort_text":"","late_reason":"","news2":null,"oxygen":false,"period":"infusion","scale":1,"slot_min":15,"type":"VitalsRecorded","values":[{"age_s":null,"missing":null,"source":"typed","value":"36.8","vital":"temp"}]}','37e1373291d3660b97961fa4c8584a4270c1236cf1992f420a664ea294d0127e','efe3e42a377c063ff7c48a94d0d9453f5a82a9ba825167850013a1fbc4a3e4a8');
INSERT INTO "event" VALUES(5,'e5','inf-1','2026-03-01T08:05:00.000000Z','2026-03-01T08:00:00.000000Z',480,'12.500000','boot-1','ward-laptop','0.1.0','nurse-1',NULL,'SamplesSealed','{"count":60,"form":1,"minute":"2026-03-01T08:00:00Z","only":[],"sha256":"ddd78a232a7ea3849fec4bcf607b1a71d6aaafc463be8637df16aa87fb27173f","type":"SamplesSealed"}','efe3e42a377c063ff7c48a94d0d9453f5a82a9ba825167850013a1fbc4a3e4a8','fab2b12cdd98594453c576fcb15e9ed37cead98382402f8325735bfbd7d5497d');
CREATE TABLE infusion ( -- one row an infusion, computed from its events at each of them
    id INTEGER NOT NULL PRIMARY KEY,    -- small key used by the other tables
    infusion_id TEXT NOT NULL UNIQUE,   -- the stream of its events
    subject TEXT,                       -- subject code
    bed TEXT,
    grp TEXT,                           -- dose group
    dose_number INTEGER,                -- 1 for the first dose
    phase TEXT,                         -- where it stands
    weight_kg NUMERIC,
    dose_cells NUMERIC,                 -- cells ordered
    volume_ml NUMERIC,                  -- ml that hold the dose
    drop_factor INTEGER,                -- drops per ml of the set
    bags INTEGER,                       -- bags needed
    started_at TEXT,                    -- record time, UTC
    stepped_up_at TEXT,
    ended_at TEXT,                      -- also when stopped early
    infusion_min NUMERIC,               -- minutes from start to end, pauses included
    given_least_ml NUMERIC,             -- delivered volume lies between these two
    given_most_ml NUMERIC,
    outcome TEXT,                       -- outcome of the observation
    signed_at TEXT,
    practice BOOLEAN                    -- 1: not a real patient
);
INSERT INTO "infusion" VALUES(1,'inf-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE observation_window ( -- the observation after each infusion
    infusion INTEGER NOT NULL PRIMARY KEY REFERENCES infusion (id),
    opened_at TEXT,                     -- record time, UTC
    due_at TEXT,                        -- when it may be closed
    closed_at TEXT,
    outcome TEXT,                       -- no_reaction, reaction_resolved, reaction_ongoing or transferred
    flags TEXT,                         -- what was unusual, separated by commas
    checks_due INTEGER,                 -- checks that have come due, of them:
    on_time INTEGER,
    late INTEGER,
    missed INTEGER
);
CREATE TABLE person ( -- who may use this store
    person_id TEXT NOT NULL PRIMARY KEY, -- never used again for somebody else
    name TEXT NOT NULL,
    role TEXT NOT NULL,                 -- nurse, pharmacist or investigator
    pin_hash TEXT NOT NULL,
    disabled_at TEXT                    -- UTC; null: active
, password_hash TEXT NOT NULL DEFAULT '' /* Argon2id; empty: none set yet */);
INSERT INTO "person" VALUES('nurse-1','Anna 安娜','nurse','pin-hash',NULL,'');
CREATE TABLE protocol_file ( -- the protocol files that infusions were ordered by; rows are only ever added
    sha256 TEXT NOT NULL PRIMARY KEY,   -- of the bytes, as events of the stream "trial" and orders name it
    data BLOB NOT NULL                  -- the file as it was
);
INSERT INTO "protocol_file" VALUES('6f62849bebe3690c2cd6109b2359661035f2502579147e0c828c5c1f17ba5781',X'6964203D2022612070726F746F636F6C220A');
CREATE TABLE quality (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE);
INSERT INTO "quality" VALUES(1,'ok');
CREATE TABLE sample ( -- vital signs as they arrived; see the view vital_sample
    infusion INTEGER NOT NULL REFERENCES infusion (id),
    t INTEGER NOT NULL,                 -- arrival, record time, milliseconds since 1970-01-01 UTC
    vital INTEGER NOT NULL REFERENCES vital (id),
    value REAL,                         -- null: no number was sent
    quality INTEGER NOT NULL REFERENCES quality (id),
    source INTEGER NOT NULL REFERENCES source (id),
    PRIMARY KEY (infusion, t, vital)
) WITHOUT ROWID;
INSERT INTO "sample" VALUES(1,1772352000000,1,60.0,1,1);
INSERT INTO "sample" VALUES(1,1772352001000,1,61.0,1,1);
INSERT INTO "sample" VALUES(1,1772352002000,1,62.0,1,1);
INSERT INTO "sample" VALUES(1,1772352003000,1,63.0,1,1);
INSERT INTO "sample" VALUES(1,1772352004000,1,64.0,1,1);
INSERT INTO "sample" VALUES(1,1772352005000,1,65.0,1,1);
INSERT INTO "sample" VALUES(1,1772352006000,1,66.0,1,1);
INSERT INTO "sample" VALUES(1,1772352007000,1,67.0,1,1);
INSERT INTO "sample" VALUES(1,1772352008000,1,68.0,1,1);
INSERT INTO "sample" VALUES(1,1772352009000,1,69.0,1,1);
INSERT INTO "sample" VALUES(1,1772352010000,1,70.0,1,1);
INSERT INTO "sample" VALUES(1,1772352011000,1,71.0,1,1);
INSERT INTO "sample" VALUES(1,1772352012000,1,72.0,1,1);
INSERT INTO "sample" VALUES(1,1772352013000,1,73.0,1,1);
INSERT INTO "sample" VALUES(1,1772352014000,1,74.0,1,1);
INSERT INTO "sample" VALUES(1,1772352015000,1,75.0,1,1);
INSERT INTO "sample" VALUES(1,1772352016000,1,76.0,1,1);
INSERT INTO "sample" VALUES(1,1772352017000,1,77.0,1,1);
INSERT INTO "sample" VALUES(1,1772352018000,1,78.0,1,1);
INSERT INTO "sample" VALUES(1,1772352019000,1,79.0,1,1);
INSERT INTO "sample" VALUES(1,1772352020000,1,60.0,1,1);
INSERT INTO "sample" VALUES(1,1772352021000,1,61.0,1,1);
INSERT INTO "sample" VALUES(1,1772352022000,1,62.0,1,1);
INSERT INTO "sample" VALUES(1,1772352023000,1,63.0,1,1);
INSERT INTO "sample" VALUES(1,1772352024000,1,64.0,1,1);
INSERT INTO "sample" VALUES(1,1772352025000,1,65.0,1,1);
INSERT INTO "sample" VALUES(1,1772352026000,1,66.0,1,1);
INSERT INTO "sample" VALUES(1,1772352027000,1,67.0,1,1);
INSERT INTO "sample" VALUES(1,1772352028000,1,68.0,1,1);
INSERT INTO "sample" VALUES(1,1772352029000,1,69.0,1,1);
INSERT INTO "sample" VALUES(1,1772352030000,1,70.0,1,1);
INSERT INTO "sample" VALUES(1,1772352031000,1,71.0,1,1);
INSERT INTO "sample" VALUES(1,1772352032000,1,72.0,1,1);
INSERT INTO "sample" VALUES(1,1772352033000,1,73.0,1,1);
INSERT INTO "sample" VALUES(1,1772352034000,1,74.0,1,1);
INSERT INTO "sample" VALUES(1,1772352035000,1,75.0,1,1);
INSERT INTO "sample" VALUES(1,1772352036000,1,76.0,1,1);
INSERT INTO "sample" VALUES(1,1772352037000,1,77.0,1,1);
INSERT INTO "sample" VALUES(1,1772352038000,1,78.0,1,1);
INSERT INTO "sample" VALUES(1,1772352039000,1,79.0,1,1);
INSERT INTO "sample" VALUES(1,1772352040000,1,60.0,1,1);
INSERT INTO "sample" VALUES(1,1772352041000,1,61.0,1,1);
INSERT INTO "sample" VALUES(1,1772352042000,1,62.0,1,1);
INSERT INTO "sample" VALUES(1,1772352043000,1,63.0,1,1);
INSERT INTO "sample" VALUES(1,1772352044000,1,64.0,1,1);
INSERT INTO "sample" VALUES(1,1772352045000,1,65.0,1,1);
INSERT INTO "sample" VALUES(1,1772352046000,1,66.0,1,1);
INSERT INTO "sample" VALUES(1,1772352047000,1,67.0,1,1);
INSERT INTO "sample" VALUES(1,1772352048000,1,68.0,1,1);
INSERT INTO "sample" VALUES(1,1772352049000,1,69.0,1,1);
INSERT INTO "sample" VALUES(1,1772352050000,1,70.0,1,1);
INSERT INTO "sample" VALUES(1,1772352051000,1,71.0,1,1);
INSERT INTO "sample" VALUES(1,1772352052000,1,72.0,1,1);
INSERT INTO "sample" VALUES(1,1772352053000,1,73.0,1,1);
INSERT INTO "sample" VALUES(1,1772352054000,1,74.0,1,1);
INSERT INTO "sample" VALUES(1,1772352055000,1,75.0,1,1);
INSERT INTO "sample" VALUES(1,1772352056000,1,76.0,1,1);
INSERT INTO "sample" VALUES(1,1772352057000,1,77.0,1,1);
INSERT INTO "sample" VALUES(1,1772352058000,1,78.0,1,1);
INSERT INTO "sample" VALUES(1,1772352059000,1,79.0,1,1);
CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, seal TEXT NOT NULL DEFAULT '' /* SHA-256 over store.genesis, key and value */);
INSERT INTO "setting" VALUES('limits','{"hr":[50,120]}','742dadaeec21f9feba5b0805f606d9bc251a9d5c4ccf76d392067fc326033ee7');
CREATE TABLE signature ( -- signatures by people's own keys, of events; rows are only ever added
    seq INTEGER NOT NULL REFERENCES event (seq), -- the event that was signed
    person TEXT NOT NULL,               -- person_id of who signed, or "recovery" for the printed recovery key
    public_key TEXT NOT NULL,           -- Ed25519, hexadecimal
    signature TEXT NOT NULL,            -- Ed25519 over "bedside event 1", a zero byte and the event's hash, hexadecimal
    PRIMARY KEY (seq, person)
) WITHOUT ROWID;
CREATE TABLE source (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE);
INSERT INTO "source" VALUES(1,'ecg');
CREATE TABLE store ( -- one row: this store
    store_id TEXT NOT NULL PRIMARY KEY,
    created_at TEXT NOT NULL,           -- UTC, by the laptop's wall clock
    app_version TEXT NOT NULL,          -- version of the program that made it
    practice BOOLEAN NOT NULL,          -- 1: practice, no patient in it is real
    genesis TEXT NOT NULL               -- random; the chain of events hangs on it
);
INSERT INTO "store" VALUES('9923c7bc6385ad43','2026-03-01T08:00:00.000000Z','0.1.0',0,'1sdca51ff49a65c394158596b669b1c5dd734a25aa864c871a8784eac18444b4');
CREATE TABLE vital (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE);
INSERT INTO "vital" VALUES(1,'hr');
CREATE TABLE vital_check ( -- the vital-sign checks of each infusion as of its last event
    infusion INTEGER NOT NULL REFERENCES infusion (id),
    n INTEGER NOT NULL,                 -- 1, 2, 3 … in order of time
    period TEXT NOT NULL,               -- infusion, observation or extra
    slot_min INTEGER,                   -- minute from the start (observation: from the end); null: end or extra check
    due_at TEXT,                        -- record time, UTC
    recorded_at TEXT,                   -- null: not recorded
    status TEXT NOT NULL,               -- on_time, late, missed, open or upcoming
    late_s INTEGER,                     -- seconds after it was due
    hr NUMERIC,                         -- heart rate, /min; null in any of these: not measured
    pr NUMERIC,                         -- pulse rate, /min
    spo2 NUMERIC,                       -- %
    nibp_sys NUMERIC,                   -- mmHg
    nibp_dia NUMERIC,                   -- mmHg
    nibp_map NUMERIC,                   -- mmHg
    rr NUMERIC,                         -- breaths/min
    temp NUMERIC,                       -- °C
    oxygen BOOLEAN,                     -- 1: oxygen is given
    consciousness TEXT,                 -- A, C, V, P or U
    news2 INTEGER,                      -- NEWS2 score
    discomfort BOOLEAN,                 -- 1: the patient feels discomfort
    recorded_by TEXT,                   -- person_id
    PRIMARY KEY (infusion, n)
) WITHOUT ROWID;
CREATE INDEX ix_event_stream ON event (stream);
CREATE VIEW vital_sample AS -- the samples with names and UTC times; only quality "ok" may be charted
SELECT i.infusion_id, i.subject, v.code AS vital,
    strftime('%Y-%m-%dT%H:%M:%S', s.t / 1000, 'unixepoch') || printf('.%03dZ', s.t % 1000) AS at,
    s.value, q.code AS quality, o.code AS source
FROM sample s
JOIN infusion i ON i.id = s.infusion
JOIN vital v ON v.id = s.vital
JOIN quality q ON q.id = s.quality
JOIN source o ON o.id = s.source;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event  BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event  BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER event_no_insert BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq) OR EXISTS (SELECT 1 FROM event WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'this event is stored already'); END;
CREATE TRIGGER sample_no_update BEFORE UPDATE ON sample  BEGIN SELECT RAISE(ABORT, 'samples are never changed'); END;
CREATE TRIGGER sample_no_delete BEFORE DELETE ON sample  BEGIN SELECT RAISE(ABORT, 'samples are never deleted'); END;
CREATE TRIGGER chain_head_no_insert BEFORE INSERT ON chain_head WHEN EXISTS (SELECT 1 FROM chain_head) BEGIN SELECT RAISE(ABORT, 'there is one head'); END;
CREATE TRIGGER chain_head_no_delete BEFORE DELETE ON chain_head  BEGIN SELECT RAISE(ABORT, 'there is one head'); END;
CREATE TRIGGER store_no_insert BEFORE INSERT ON store WHEN EXISTS (SELECT 1 FROM store) BEGIN SELECT RAISE(ABORT, 'there is one store'); END;
CREATE TRIGGER store_no_update BEFORE UPDATE ON store  BEGIN SELECT RAISE(ABORT, 'a store keeps its name'); END;
CREATE TRIGGER store_no_delete BEFORE DELETE ON store  BEGIN SELECT RAISE(ABORT, 'a store keeps its name'); END;
CREATE TRIGGER protocol_file_no_update BEFORE UPDATE ON protocol_file  BEGIN SELECT RAISE(ABORT, 'protocol files are never changed'); END;
CREATE TRIGGER protocol_file_no_delete BEFORE DELETE ON protocol_file  BEGIN SELECT RAISE(ABORT, 'protocol files are never deleted'); END;
CREATE TRIGGER protocol_file_no_insert BEFORE INSERT ON protocol_file WHEN EXISTS (SELECT 1 FROM protocol_file WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'this protocol file is stored already'); END;
CREATE TRIGGER signature_no_update BEFORE UPDATE ON signature  BEGIN SELECT RAISE(ABORT, 'signatures are never changed'); END;
CREATE TRIGGER signature_no_delete BEFORE DELETE ON signature  BEGIN SELECT RAISE(ABORT, 'signatures are never deleted'); END;
CREATE TRIGGER signature_no_insert BEFORE INSERT ON signature WHEN EXISTS (SELECT 1 FROM signature WHERE seq = NEW.seq AND person = NEW.person) BEGIN SELECT RAISE(ABORT, 'this signature is stored already'); END;
CREATE INDEX ix_event_type ON event (type);
CREATE INDEX ix_event_bag ON event ( -- bags taken, by number in small letters; '': not of ASCII alone, or not to be read
    CASE WHEN json_valid(payload)
    AND length(json_extract(payload, '$.bag.bag_id')) = length(CAST(json_extract(payload, '$.bag.bag_id') AS BLOB))
    THEN lower(json_extract(payload, '$.bag.bag_id')) ELSE '' END
) WHERE type = 'BagScanned';
CREATE INDEX ix_event_leading ON event (seq, type, stream, at, event_id) WHERE +type IN (
    'Abandoned', 'BagHung', 'BagTakenDown', 'BagThawed', 'Corrected', 'IdentityVerified', 'InfusionEnded', 'InfusionSigned',
    'InfusionStopped', 'ObservationClosed', 'Ordered', 'Paused', 'PremedicationGiven', 'Received', 'ReleaseSent', 'Released',
    'Resumed', 'Started', 'WeightRecorded'
);
COMMIT;
