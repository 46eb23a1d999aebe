#!/usr/bin/env python3
"""bench -- citycredit beside its twins, as ratios measured alternately in one run

The twin of `record` is the same table without triggers: same columns, defaults, constraints, indexes, settings and rows.
Other twins are the query or the delta that a user would write by hand. Every measurement is made on both sides in
turn, each time after a checkpoint; printed are the median of the ratios, their extremes, and the ratio of processor
time over all server processes. Wants PG* variables of a superuser on a cluster that may be thrown away.
"""

import argparse
import glob
import os
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'demo'))
import identifiers  # noqa: E402

TODAY = '2026-06-15'
POLICY = 'bench-rolling'
COLUMNS = ('subject, kind, document, authority, source, behaviour, field, procedure, penalty_kind, awarded_points, '
           'amount_fen, decided_on, valid_from, state')
SCALES = {
    #        subjects      records       copied        rounds of copy, others
    'small': dict(subjects=20_000, records=200_000, copied=20_000, copies=5, rounds=3, transactions=1_500),
    'full': dict(subjects=1_000_000, records=10_000_000, copied=1_000_000, copies=3, rounds=3, transactions=10_000),
}
LARGE = 100_000         # records of the one large subject
WITHOUT_DATA = {'memory', 'compile'}
RESERVED = 200          # subjects that keep their ten records until they are measured against the large one


class Session:
    """A psql that stays: statements are sent to one backend, so that its settings and caches last."""

    def __init__(self):
        self.psql = subprocess.Popen(['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1'], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding='utf-8')
        backend = int(self.value('SELECT pg_backend_pid()'))
        self.postmaster = parent(backend)

    def run(self, sql):
        self.psql.stdin.write(sql.strip().rstrip(';') + ';\n\\echo END-OF-ANSWER\n')
        self.psql.stdin.flush()
        lines = []
        while True:
            line = self.psql.stdout.readline()
            if not line:
                sys.exit('psql gave up after:\n' + sql.strip()[:500] + '\n' + ''.join(lines))
            if line == 'END-OF-ANSWER\n':
                return lines
            lines.append(line)

    def value(self, sql):
        return self.run(sql)[-1].strip()


def parent(pid):
    with open(f'/proc/{pid}/stat') as stat:
        return int(stat.read().rpartition(')')[2].split()[1])


def server_cpu(postmaster):
    """Clock ticks that the server's processes have used, those that have ended included."""
    ticks = 0
    for entry in os.listdir('/proc'):
        if not entry.isdigit():
            continue
        try:
            with open(f'/proc/{entry}/stat') as stat:
                fields = stat.read().rpartition(')')[2].split()
        except OSError:
            continue
        if int(entry) == postmaster:
            ticks += int(fields[13]) + int(fields[14])      # of children waited for
        elif int(fields[1]) == postmaster:
            ticks += int(fields[11]) + int(fields[12])
    return ticks


class Bench:
    def __init__(self, scale):
        self.scale = SCALES[scale]
        self.db = Session()
        self.directory = self.db.value('SHOW unix_socket_directories')
        self.bindir = subprocess.run([os.environ.get('PG_CONFIG', 'pg_config'), '--bindir'], check=True, text=True,
                                     stdout=subprocess.PIPE).stdout.strip()
        self.rows = []
        self.staged = 0

    # -- measuring ----------------------------------------------------------------------------------------------

    def timed(self, work):
        """Seconds and processor ticks of work(); if it returns a number, that is taken for the seconds."""
        self.db.run('CHECKPOINT')
        ticks = server_cpu(self.db.postmaster)
        start = time.perf_counter()
        seconds = work()
        elapsed = time.perf_counter() - start
        return seconds if isinstance(seconds, float) else elapsed, server_cpu(self.db.postmaster) - ticks

    def compare(self, name, target, ours, twin, rounds, higher=False):
        """Runs ours(i) and twin(i) in turn, the first one changing, and keeps the row of the table."""
        ratios, ticks = [], [0, 0]
        for i in range(rounds):
            pair = {}
            for side in (('ours', 'twin') if i % 2 else ('twin', 'ours')):
                pair[side] = self.timed(lambda: (ours if side == 'ours' else twin)(i))
            ratio = pair['ours'][0] / pair['twin'][0]
            ratios.append(1 / ratio if higher else ratio)
            ticks[0] += pair['ours'][1]
            ticks[1] += pair['twin'][1]
        # fewer clock ticks (of 1/100 s) are too coarse to divide
        cpu = f'{ticks[0] / ticks[1]:.2f}' if min(ticks) >= 30 and not higher else '–'
        median = statistics.median(ratios)
        reached = '' if target is None else ('yes' if (median >= target if higher else median <= target) else 'NO')
        sign = '≥' if higher else '≤'
        self.rows.append((name, f'{median:.2f}', f'{min(ratios):.2f}–{max(ratios):.2f}', cpu,
                          '–' if target is None else f'{sign} {target}', reached))
        print(f'  {name}: {median:.2f} ({min(ratios):.2f}–{max(ratios):.2f})', file=sys.stderr, flush=True)

    def pgbench(self, script, transactions, clients=1, seconds=None, **variables):
        """Seconds per transaction of a pgbench script."""
        path = self.file('script')
        command = [os.path.join(self.bindir, 'pgbench'), '-n', '-M', 'prepared', '-c', str(clients), '-j', str(clients)]
        command += ['-T', str(seconds)] if seconds else ['-t', str(transactions)]
        for name, value in variables.items():
            command += ['-D', f'{name}={value}']
        with open(path, 'w', encoding='utf-8') as file:
            file.write(script)
        done = subprocess.run(command + ['-f', path], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        tps = re.search(r'^tps = ([0-9.]+)', done.stdout, re.M)
        if done.returncode or not tps or re.search('number of failed transactions: [1-9]', done.stdout):
            sys.exit('pgbench failed:\n' + done.stdout + done.stderr)
        return 1 / float(tps.group(1))

    # -- the data -----------------------------------------------------------------------------------------------

    def generate(self, where, first, count, oldest, youngest, subject='1 + floor(random() * (bench.subjects() - {r}))'):
        """SQL of `count` rows, documents from `first` on, decided between `oldest` and `youngest` days before today."""
        pick = subject.format(r=RESERVED)
        return f"""
            SELECT s.subject::text, k.kind, '{where}' || g.n AS document, '113299010000000000' AS authority, 'BENCH' AS source,
                   CASE k.kind WHEN 'penalty' THEN 'B-0' || (1 + floor(random() * 8))::int END AS behaviour, 'bench' AS field,
                   CASE k.kind WHEN 'penalty' THEN (ARRAY['simple', 'general'])[1 + floor(random() * 2)::int] END AS procedure,
                   CASE k.kind WHEN 'penalty' THEN 'fine' END AS penalty_kind,
                   CASE k.kind WHEN 'act' THEN (floor(random() * 11) - 6)::bigint * 10000 END AS awarded_points,
                   CASE k.kind WHEN 'penalty' THEN (1 + floor(random() * 500))::bigint * 10000 END AS amount_fen,
                   date '{TODAY}' - ({oldest} - floor(random() * ({oldest} - {youngest}))::int) AS decided_on,
                   NULL::date AS valid_from, NULL AS state
            FROM (SELECT n, {pick} AS pick, random() AS r FROM generate_series({first}, {first} + {count} - 1) n OFFSET 0) g
            JOIN bench.subject s ON s.n = g.pick::int
            CROSS JOIN LATERAL (SELECT CASE WHEN g.r < 0.4 THEN 'penalty' WHEN g.r < 0.6 THEN 'act' ELSE 'permit' END AS kind) k"""

    def file(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, query):
        self.db.run(f"COPY ({query}) TO '{self.file(name)}'")

    def copy(self, table, name):
        self.db.run(f"COPY {table} ({COLUMNS}) FROM '{self.file(name)}'")

    def prepare(self):
        scale, db = self.scale, self.db
        say(f"{scale['subjects']} subjects, {scale['records']} records")
        db.run('SET client_min_messages = warning; CREATE EXTENSION citycredit; SELECT citycredit.create_registry()')
        # for pgbench's sessions too; the path for the operators of subject_code
        for setting in (f"citycredit.today = '{TODAY}'", 'search_path = public, citycredit'):
            db.run(f"ALTER DATABASE {db.value('SELECT current_database()')} SET {setting}; SET {setting}")
        db.run("INSERT INTO citycredit.source (source, kind, name, trusted_from) "
               "SELECT 'BENCH', kind, '测量', '2000-01-01' FROM unnest(ARRAY['penalty', 'permit', 'act', 'participation']) kind")
        db.run("INSERT INTO citycredit.behaviour (code, edition, kind, field, name) "
               "SELECT 'B-0' || n, 'bench', 'penalty', 'bench', '行为' || n FROM generate_series(1, 8) n")

        db.run('CREATE SCHEMA bench; CREATE TABLE bench.subject (n int PRIMARY KEY, subject citycredit.subject_code NOT NULL)')
        db.run(f"CREATE FUNCTION bench.subjects() RETURNS int IMMUTABLE LANGUAGE sql RETURN {scale['subjects']}")
        codes = subprocess.Popen(['psql', '-Xq', '-c', 'COPY bench.subject FROM STDIN'], stdin=subprocess.PIPE, text=True)
        for n in range(1, scale['subjects'] + 1):
            codes.stdin.write(f'{n}\t{identifiers.uscc("91", "01", n * 577_201_129 % 31 ** 6)}\n')
        codes.stdin.close()
        if codes.wait():
            sys.exit('could not load the subjects')
        db.run('CREATE TABLE bench.record (LIKE citycredit.record INCLUDING ALL); '
               'ALTER TABLE bench.record SET (toast_tuple_target = 256)')
        self.adopt()

        # One enrolment each, and as many other records as make up the number; loaded as a restore loads them, before there are
        # triggers, so that nothing is graded yet.
        db.run("INSERT INTO citycredit.subject (subject, kind) SELECT subject, 'legal_person' FROM bench.subject; "
               'INSERT INTO citycredit.subject_state (subject, seq, known_at) SELECT subject, 1, now() FROM bench.subject ORDER BY 1; '
               'SET session_replication_role = replica')
        db.run('SELECT setseed(0.5)')
        self.write('enrolment', """
            SELECT subject::text, 'participation', 'E' || n, '113299010000000000', 'BENCH', NULL, 'bench', NULL, NULL, NULL, NULL,
                   NULL, date '2015-01-01', 'taking_part' FROM bench.subject ORDER BY random()""")
        self.load('enrolment')
        each = scale['records'] // scale['subjects'] - 1
        piece = min(scale['subjects'], 100_000) // 1000 * 1000
        for first in range(0, scale['subjects'], piece):
            count = min(piece, scale['subjects'] - first)
            self.write('base', self.generate(f'R{first}-', 1, count * each, 5 * 365, 60,
                                             subject=f'1 + {first} + mod(n, {count})'))
            self.load('base')
        db.run('RESET session_replication_role; VACUUM (ANALYZE)')
        db.run("SET work_mem = '256MB'")
        self.compare('full regrade, all stale : hash aggregate', 2.8, self.regrade, self.aggregate, 1)
        db.run('RESET work_mem; VACUUM (ANALYZE)')

    def load(self, name):
        for table in ('bench.record', 'citycredit.record'):
            self.copy(table, name)

    def adopt(self):
        """Adopts the policy: loaded by one role, adopted by another."""
        with open(os.path.join(HERE, 'policy.yaml'), encoding='utf-8') as file:
            policy = file.read()
        self.db.run(f"""CREATE ROLE bench_author SUPERUSER; CREATE ROLE bench_adopter SUPERUSER;
            SET ROLE bench_author; SELECT citycredit.load_policy($policy${policy}$policy$);
            SET ROLE bench_adopter; SELECT citycredit.adopt_policy('{POLICY}', '1'); RESET ROLE""")

    def stage(self, count, subject=None):
        """Makes `count` rows in bench.stage; returns the number before the first."""
        if not self.staged:
            self.db.run(f'CREATE TABLE bench.stage AS SELECT 0::bigint AS n, {COLUMNS} FROM bench.record WHERE false; '
                        'ALTER TABLE bench.stage ADD PRIMARY KEY (n)')
        before = self.staged
        arguments = {} if subject is None else {'subject': subject}
        rows = self.generate('S', before + 1, count, 60, 0, **arguments)
        self.db.run(f'INSERT INTO bench.stage (n, {COLUMNS}) SELECT substr(document, 2)::bigint, subject::citycredit.subject_code, '
                    f'{COLUMNS.partition(", ")[2]} FROM ({rows}) r ORDER BY 1; VACUUM ANALYZE bench.stage')
        self.staged += count
        return before

    def insert(self, table, before, size, transactions, clients=1):
        """Inserts staged rows by pgbench, `size` a statement; the clients take separate ranges."""
        script = (f'\\set first :before + :client_id * {size * transactions} + :done * {size}\n'
                  f'INSERT INTO {table} ({COLUMNS}) SELECT {COLUMNS} FROM bench.stage WHERE n > :first AND n <= :first + {size};\n'
                  '\\set done :done + 1\n')
        return self.pgbench(script, transactions, clients, before=before, done=0)

    # -- the works ----------------------------------------------------------------------------------------------

    def work_copy(self):
        copied = self.scale['copied']

        def side(table):
            return lambda i: self.copy(table, f'copy{i}')

        for i in range(self.scale['copies']):
            self.write(f'copy{i}', self.generate(f'C{i}-', 1, copied, 60, 0))
        self.compare(f'COPY of {copied} rows', 1.8, side('citycredit.record'), side('bench.record'), self.scale['copies'])

    def inserts(self, name, target, size, transactions, clients=1, subjects=None):
        rounds = self.scale['rounds']
        starts = [self.stage(size * transactions * clients, subjects) for _ in range(rounds)]
        self.compare(name, target,
                     lambda i: self.insert('citycredit.record', starts[i], size, transactions, clients),
                     lambda i: self.insert('bench.record', starts[i], size, transactions, clients), rounds)

    def work_batch(self):
        for size, target in ((10, 1.6), (100, 2.4), (1000, 2.6)):
            self.inserts(f'INSERT of {size} rows', target, size, max(10, self.scale['transactions'] // size * 2))

    def work_single(self):
        transactions = self.scale['transactions']
        for fsync, target in (('off', 1.9), ('on', 1.7)):
            self.db.run(f'ALTER SYSTEM SET fsync = {fsync}')
            self.db.run('SELECT pg_reload_conf()')
            for clients in (1, 4):
                self.inserts(f'single INSERT, {clients} client{"s" * (clients > 1)}, fsync {fsync}', target, 1,
                             transactions // clients, clients)
        self.db.run('ALTER SYSTEM RESET fsync')
        self.db.run('SELECT pg_reload_conf()')

    def regrade(self, _):
        self.db.run(f"SELECT citycredit.regrade('{POLICY}')")

    def aggregate(self, _):
        self.db.run('SELECT count(*), sum(points), sum(n) FROM (SELECT subject, sum(awarded_points) AS points, count(*) AS n '
                    'FROM bench.record GROUP BY subject) s')

    def work_regrade(self):
        self.db.run("SET work_mem = '256MB'")
        self.compare('full regrade, nothing stale : hash aggregate', 0.8, self.regrade, self.aggregate, self.scale['rounds'])
        self.db.run('RESET work_mem')

    def whatif(self, function):
        """Asks what if the measure were stricter; its text, changed, is what a drafter has at hand."""
        with open(os.path.join(HERE, 'policy.yaml'), encoding='utf-8') as file:
            text = file.read().replace('version: "1"', 'version: "2"').replace('at_least: 90', 'at_least: 95').replace('below: 90', 'below: 95')
        if int(self.db.value(f'SELECT count(*) FROM citycredit.{function}($policy${text}$policy$)')) == 0:
            sys.exit('what-if gave no rows')

    def work_whatif(self):
        """Both the version in force and another for every subject, against the aggregate that gives two sums a subject."""
        self.db.run("SET work_mem = '256MB'")
        for name, function, direct, target in (('by band', 'simulate_matrix', 'on', 1.0), ('every subject', 'simulate', 'on', 1.0),
                                               ('by band, by a query', 'simulate_matrix', 'off', None)):
            self.db.run(f'SET citycredit.direct_scan = {direct}')
            self.compare(f'what-if on the city, {name} : hash aggregate', target, lambda i: self.whatif(function), lambda i: self.city_sums(),
                         self.scale['rounds'])
        self.db.run('RESET citycredit.direct_scan; RESET work_mem')

    def city_sums(self):
        self.db.run('SELECT count(*), sum(fen), sum(n) FROM (SELECT subject, count(*) AS n, sum(amount_fen) AS fen '
                    'FROM citycredit.record GROUP BY subject) s')

    # -- without a server -------------------------------------------------------------------------------------------

    @staticmethod
    def program(*command):
        """What a program that was built beside the extension prints."""
        done = subprocess.run([os.path.join(HERE, command[0]), *command[1:]], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            sys.exit(f'{command[0]} failed: {done.stderr}')
        return done.stdout

    def evaluations(self, path, records):
        """Evaluations a second, of as many subjects as take about a second."""
        out = self.program('../citycredit-policy', 'bench', path, str(max(10, 3_000_000 // records)), str(records))
        return float(re.search(r': (\d+) a second', out).group(1))

    def row(self, name, values, target=None, higher=False, digits=2):
        median = statistics.median(values)
        reached = '' if target is None else ('yes' if (median >= target if higher else median <= target) else 'NO')
        self.rows.append((name, f'{median:.{digits}f}', f'{min(values):.{digits}f}–{max(values):.{digits}f}', '–',
                          '–' if target is None else f"{'≥' if higher else '≤'} {target}", reached))
        print(f'  {name}: {median:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})', file=sys.stderr, flush=True)

    def work_memory(self):
        """Million evaluations a second by one processor; and what a record costs in long histories against short ones."""
        shipped = measures()
        shaanxi = [path for path in shipped if os.path.basename(os.path.dirname(path)) == 'shaanxi']
        if not shaanxi:
            say('  SKIPPED: evaluation in memory by the policy of Shaanxi, which is not shipped')
        for name, path, target in [('the policy of Shaanxi', path, 1) for path in shaanxi[:1]] + [('the largest policy', shipped[0], 0.3)]:
            rates = {n: [] for n in (10, 100, 1_000, 10_000)}
            for _ in range(3):
                for n, values in rates.items():
                    values.append(self.evaluations(path, n))
            self.row(f'evaluation in memory, {name} ({os.path.basename(path)}), 10 records (million a second)',
                     [rate / 1e6 for rate in rates[10]], target, higher=True)
            for n in (100, 1_000, 10_000):
                self.row(f'  a record of {n} : of 10', [a / (b * n / 10) for a, b in zip(rates[10], rates[n])], 1)

    def work_compile(self):
        path = measures()[0]
        pairs = [[float(ms) for ms in self.program('compile', path).split()] for _ in range(3)]
        self.row(f'compile time of the largest policy ({os.path.basename(path)}), ms', [whole for whole, _ in pairs])
        self.row('  all of it : reading the YAML', [whole / read for whole, read in pairs])

    def work_read(self):
        """Reading one subject and one page, against the tables and queries that a user would write by hand."""
        self.db.run(f"""
            CREATE TABLE bench.standing_page AS SELECT * FROM citycredit.standing;
            CREATE UNIQUE INDEX ON bench.standing_page (subject, policy);
            INSERT INTO citycredit.list_entry (subject, policy_id, version_id, objection_days, term_months, proposed_on, served_on,
                objection_until, recognised_on, listed_from, listed_until, list, name, department, rule, list_name, basis_title, basis_rank,
                basis_article, reason, proposed_by, served_by, service_method, recognised_by)
            SELECT s.subject, p.policy_id, p.version_id, 5, 12, '{TODAY}'::date - 40, '{TODAY}'::date - 40, '{TODAY}'::date - 35,
                   '{TODAY}'::date - 30, '{TODAY}'::date - (random() * 29)::int, '{TODAY}'::date + 300, 'red', '企业', '局', 'rule', '名单',
                   '办法', 'normative_document', '第一条', '依据', 'one', 'one', 'direct', 'another'
              FROM (SELECT subject FROM citycredit.standing_stored LIMIT 5000) AS s, citycredit.policy AS p WHERE p.policy = '{POLICY}';
            CREATE TABLE bench.list_page AS SELECT * FROM citycredit.red_list;
            CREATE INDEX ON bench.list_page (listed_from DESC, entry DESC);
            VACUUM ANALYZE bench.standing_page, bench.list_page, citycredit.list_entry, citycredit.standing_stored""")
        subject = 'SELECT subject FROM bench.subject WHERE n = :n'
        by_hand = (f"FROM bench.record AS r WHERE r.subject = ({subject}) AND r.known_until = 'infinity'"
                   f" AND r.decided_on <= '{TODAY}' AND r.decided_on + interval '24 months' >= '{TODAY}'")
        scripts = (
            ('list page, top 50 of red_list', 0.33,
             # the order is part of the view: behind its barrier an ORDER BY would sort the whole list
             'SELECT * FROM citycredit.red_list LIMIT 50',
             'SELECT * FROM bench.list_page ORDER BY listed_from DESC, entry DESC LIMIT 50'),
            ('standing of one subject', 0.33,
             f"SELECT * FROM citycredit.standing WHERE policy = '{POLICY}' AND subject = ({subject})",
             f"SELECT * FROM bench.standing_page WHERE policy = '{POLICY}' AND subject = ({subject})"),
            ('evaluate() of one subject', 0.33, f"SELECT * FROM citycredit.evaluate(({subject}), '{POLICY}')",
             "SELECT 90 + sum(r.awarded_points) FILTER (WHERE r.kind = 'act') / 10000, count(*) FILTER (WHERE r.behaviour = 'B-01'),"
             f" count(*) FILTER (WHERE r.behaviour = 'B-02') {by_hand}"),
            ('explain() of one subject', 0.33, f"SELECT * FROM citycredit.explain(({subject}), '{POLICY}')",
             "SELECT r.record_id, r.document, r.kind, r.behaviour, r.decided_on, (r.decided_on + interval '24 months')::date,"
             f" CASE WHEN r.kind = 'act' THEN r.awarded_points / 10000.0 ELSE 0 END {by_hand} ORDER BY r.decided_on, r.record_id"),
        )
        head = f"\\set n random(1, {self.scale['subjects'] - RESERVED})\n"
        for name, target, query, twin in scripts:
            self.compare(f'{name} : by hand (tps)', target,
                         lambda i: self.pgbench(head + query + ';\n', 0, 2, seconds=1),
                         lambda i: self.pgbench(head + twin + ';\n', 0, 2, seconds=1), self.scale['rounds'], higher=True)
        by_hand_page = ('list page by hand', None, scripts[0][3], None)
        for (name, _, query, _), target in ((scripts[0], 0.7), (by_hand_page, None), (scripts[3], 0.5)):
            self.compare(f'{name} : SELECT 1 (tps)', target,
                         lambda i: self.pgbench(head + query + ';\n', 0, 2, seconds=1),
                         lambda i: self.pgbench(head + 'SELECT 1;\n', 0, 2, seconds=1), self.scale['rounds'], higher=True)

    def work_publication(self):
        """Reading what is published, and what an index or a narrow table for its pages would cost a COPY."""
        rounds = self.scale['rounds']
        few = 1000
        self.db.run(f"""
            CREATE TABLE bench.published AS SELECT * FROM citycredit.published_penalty;
            CREATE INDEX ON bench.published (decided_on DESC, record DESC);
            CREATE INDEX ON bench.published (code);
            CREATE TABLE bench.few AS SELECT subject FROM bench.subject ORDER BY subject LIMIT {few};
            VACUUM ANALYZE bench.published, bench.few, citycredit.record""")
        say(f"    {self.db.value('SELECT count(*) FROM bench.published')} penalties are public")

        def read(sql):
            return lambda i: self.db.run(f'SELECT count(*) FROM ({sql} OFFSET 0) AS p')

        view = 'SELECT * FROM citycredit.published_penalty'
        few_in_order = '(SELECT subject FROM bench.few ORDER BY subject OFFSET 0) AS f'
        self.compare(f'penalties of {few} subjects, read ahead : one by one', 0.25,
                     read(f"SELECT p.* FROM {few_in_order} CROSS JOIN LATERAL citycredit._published(f.subject, '{{penalty}}') AS p"),
                     read(f"SELECT p.* FROM {few_in_order} CROSS JOIN LATERAL citycredit._published_of(ARRAY[f.subject], '{{penalty}}') AS p"), rounds)
        self.compare('full read of published_penalty : of a copy in a table, kept by nobody', None, read(view), read('SELECT * FROM bench.published'), rounds)
        for day in ('decided_on', 'published_from'):
            self.compare(f'published_page() of 50 by {day} : the view sorted', 0.2,
                         read(f"SELECT * FROM citycredit.published_page('{{penalty}}', 50, sorted_by => '{day}')"),
                         read(f'{view} ORDER BY {day} DESC, record DESC LIMIT 50'), rounds)
        head = f"\\set n random(1, {self.scale['subjects'] - RESERVED})\n"
        code = '(SELECT subject::text FROM bench.subject WHERE n = :n)'
        self.compare('penalties of one code : of a copy in a table (tps)', None,
                     lambda i: self.pgbench(f'{head}SELECT * FROM citycredit.published_penalty WHERE code = {code};\n', 0, 2, seconds=1),
                     lambda i: self.pgbench(f'{head}SELECT * FROM bench.published WHERE code = {code};\n', 0, 2, seconds=1), rounds, higher=True)

        self.db.run("""
            CREATE TABLE bench.publication (subject citycredit.subject_code, record_id uuid, decided_on date, kind text, authority text);
            CREATE INDEX ON bench.publication (decided_on DESC, record_id DESC);
            CREATE FUNCTION bench.publish() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO bench.publication SELECT subject, record_id, decided_on, kind, authority FROM new_rows WHERE kind <> 'participation';
                RETURN NULL;
            END $$""")
        index = ("CREATE INDEX publication_day ON citycredit.record ((coalesce(decided_on, '-infinity'::date)) DESC, record_id DESC)"
                 " WHERE known_until = 'infinity' AND kind = 'penalty'")
        designs = (
            ('an index by day', index, 'DROP INDEX citycredit.publication_day'),
            ('a narrow table, periods not computed', 'CREATE TRIGGER zz_publish AFTER INSERT ON citycredit.record REFERENCING NEW TABLE AS new_rows '
             'FOR EACH STATEMENT EXECUTE FUNCTION bench.publish()', 'DROP TRIGGER zz_publish ON citycredit.record'))
        for number, (name, begin, end) in enumerate(designs):
            def copied(i, side):
                self.write('published', self.generate(f'U{number}{side}{i}-', 1, self.scale['copied'], 60, 0))
                if side == 'a':
                    self.db.run(begin)
                self.db.run('CHECKPOINT')
                start = time.perf_counter()
                self.copy('citycredit.record', 'published')
                seconds = time.perf_counter() - start
                if side == 'a':
                    self.db.run(end)
                return seconds
            self.compare(f'COPY with {name} : without', None, lambda i: copied(i, 'a'), lambda i: copied(i, 'b'), rounds)

    def work_refresh(self):
        rounds = self.scale['rounds'] + 2
        self.db.run('CREATE INDEX record_decided_on ON bench.record (decided_on)')
        self.db.run(f"""
            CREATE TABLE bench.standing (subject citycredit.subject_code PRIMARY KEY, points bigint NOT NULL, first int NOT NULL,
                second int NOT NULL, score bigint, band smallint, as_of date) WITH (fillfactor = 70);
            INSERT INTO bench.standing SELECT subject, coalesce(sum(awarded_points), 0), count(*) FILTER (WHERE behaviour = 'B-01'),
                count(*) FILTER (WHERE behaviour = 'B-02') FROM bench.record
            WHERE decided_on >= date '{TODAY}' - interval '24 months' AND kind IN ('penalty', 'act') GROUP BY subject;
            VACUUM ANALYZE bench.standing; VACUUM ANALYZE bench.record""")
        self.db.run('SELECT citycredit.refresh()')
        due = {'ours': [], 'twin': []}
        for i in range(rounds):
            due['ours'].append(int(self.db.value(f"SELECT count(*) FROM citycredit.standing WHERE next_change_on = '{self.after(i)}'")))

        def ours(i):
            self.db.run(f"SET citycredit.today = '{self.after(i)}'; SELECT citycredit.refresh()")

        def twin(i):
            due['twin'].append(int(self.db.value(f"""
                WITH delta AS (
                    SELECT subject, coalesce(sum(awarded_points), 0) AS points, count(*) FILTER (WHERE behaviour = 'B-01') AS first,
                           count(*) FILTER (WHERE behaviour = 'B-02') AS second
                    FROM bench.record WHERE decided_on = date '{self.after(i)}' - 1 - interval '24 months'
                      AND (kind = 'act' OR behaviour IN ('B-01', 'B-02'))
                    GROUP BY subject),
                total AS (
                    SELECT s.subject, s.points - d.points AS points, s.first - d.first AS first, s.second - d.second AS second,
                           least(1000000, greatest(0, 900000 + s.points - d.points)) AS score
                    FROM bench.standing s JOIN delta d ON d.subject = s.subject),
                done AS (
                    UPDATE bench.standing s SET points = t.points, first = t.first, second = t.second, score = t.score,
                           band = CASE WHEN t.second >= 3 THEN 4 WHEN t.score >= 900000 AND t.first < 2 THEN 1
                                       WHEN t.score >= 800000 THEN 2 WHEN t.score >= 600000 THEN 3 ELSE 4 END,
                           as_of = '{self.after(i)}'
                    FROM total t WHERE s.subject = t.subject RETURNING 1)
                SELECT count(*) FROM done""")))

        self.compare('daily refresh : delta with an index', 3, ours, twin, rounds)
        say(f"    subjects due a day: ours {statistics.median(due['ours']):.0f}, twin {statistics.median(due['twin']):.0f}")
        # the days passed do not come back
        self.db.run(f"ALTER DATABASE {self.db.value('SELECT current_database()')} SET citycredit.today = '{self.after(rounds)}'")
        self.db.run(f"SET citycredit.today = '{self.after(rounds)}'")

    def after(self, i):
        return self.db.value(f"SELECT date '{TODAY}' + {i + 1}")

    def work_large(self):
        self.write('large', self.generate('L', 1, LARGE, 5 * 365, 0, subject='1'))
        self.load('large')
        transactions, rounds = self.scale['transactions'], self.scale['rounds']
        few = f'bench.subjects() - mod(n, {RESERVED})'
        starts = {'1': [self.stage(transactions, '1') for _ in range(rounds)],
                  few: [self.stage(transactions, few) for _ in range(rounds)]}
        self.compare(f'INSERT for a subject with {LARGE} records : with 10', 2,
                     lambda i: self.insert('citycredit.record', starts['1'][i], 1, transactions),
                     lambda i: self.insert('citycredit.record', starts[few][i], 1, transactions), rounds)

    def check(self):
        """Fast and wrong would be worthless."""
        wrong = int(self.db.value('SELECT count(*) FROM citycredit.verify_standings()'))
        say(f'verify_standings(): {wrong} mismatches')
        return wrong == 0

    def table(self):
        header = ('work', 'ours/twin', 'from–to', 'CPU', 'target', 'reached')
        print('| ' + ' | '.join(header) + ' |\n|' + '---|' * len(header))
        for row in self.rows:
            print('| ' + ' | '.join(row) + ' |')


def measures():
    """The shipped measures, the largest first."""
    found = [path for path in glob.glob(os.path.join(HERE, '..', 'rules', '*', '*.yaml')) if not path.endswith('.test.yaml')]
    return sorted(found, key=os.path.getsize, reverse=True)


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    works = [name[5:] for name in vars(Bench) if name.startswith('work_')]
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--scale', choices=SCALES, default='small')
    parser.add_argument('work', nargs='*', metavar='WORK', help=' '.join(works))
    arguments = parser.parse_args()
    unknown = set(arguments.work) - set(works)
    if unknown:
        parser.error('unknown work: ' + ', '.join(sorted(unknown)))
    chosen = [name for name in works if not arguments.work or name in arguments.work]
    bench = Bench(arguments.scale)
    with_data = set(chosen) - WITHOUT_DATA
    if with_data:
        bench.prepare()
    for name in chosen:
        say(name)
        getattr(bench, 'work_' + name)()
    right = bench.check() if with_data else True
    bench.table()
    sys.exit(0 if right else 1)


if __name__ == '__main__':
    main()
