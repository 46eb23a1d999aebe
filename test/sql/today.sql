-- today.sql -- the day that counts as today is the setting, else Shanghai's

SELECT citycredit.today() = (now() AT TIME ZONE 'Asia/Shanghai')::date AS day_in_shanghai;

-- the zone of the session does not matter: one of these two is on another day
SET timezone = 'Pacific/Kiritimati';
SELECT citycredit.today() = (now() AT TIME ZONE 'Asia/Shanghai')::date AS day_in_shanghai;
SET timezone = 'Pacific/Niue';
SELECT citycredit.today() = (now() AT TIME ZONE 'Asia/Shanghai')::date AS day_in_shanghai;
RESET timezone;

SET citycredit.today = '2024-02-29';
SELECT citycredit.today() = date '2024-02-29' AS as_set;
-- whatever the DateStyle
SET datestyle = 'German, DMY';
SET citycredit.today = '2026-03-02';
SELECT citycredit.today();
RESET datestyle;

-- a rejected value leaves the old one
SET citycredit.today = '2023-02-29';
SET citycredit.today = '2026-3-2';
SET citycredit.today = '2026/03/02';
SET citycredit.today = 'tomorrow';
SET citycredit.today = '2026-13-01';
SET citycredit.today = '0000-01-01';
SET citycredit.today = '2026-03-02 ';
SHOW citycredit.today;

-- undone with the transaction
BEGIN;
SET LOCAL citycredit.today = '2020-01-01';
SELECT citycredit.today() = date '2020-01-01' AS as_set;
ROLLBACK;
SELECT citycredit.today() = date '2026-03-02' AS as_before;

SET citycredit.today = '';
SELECT citycredit.today() = (now() AT TIME ZONE 'Asia/Shanghai')::date AS day_in_shanghai;

-- the prefix is reserved: a misspelt setting is an error
SET citycredit.tody = '2026-03-02';
