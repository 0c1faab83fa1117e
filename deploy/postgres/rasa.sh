#!/bin/sh
# Run once, when the data folder of PostgreSQL is empty: the database of what Rasa remembers, and a role that sees no
# other one.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
    --set password="$RASA_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE rasa LOGIN PASSWORD :'password';
CREATE DATABASE rasa OWNER rasa;
REVOKE CONNECT ON DATABASE sportello FROM PUBLIC;
REVOKE CONNECT ON DATABASE rasa FROM PUBLIC;
SQL
