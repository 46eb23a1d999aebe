#!/usr/bin/env bash
# tutorial.sh -- the statements of doc/tutorial.md give the results that stand under them
set -u
cd "$(dirname "$0")/../.."
exec env PGCLIENTENCODING=UTF8 /usr/bin/python3 doc/tutorial.py
