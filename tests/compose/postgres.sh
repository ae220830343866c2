#!/bin/sh
# What the official image's entrypoint does with these variables, as far as docker-compose.yml uses it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    echo "$POSTGRES_PASSWORD" > /tmp/password
    initdb --username="$POSTGRES_USER" --encoding=UTF8 --locale=C.UTF-8 --pwfile=/tmp/password \
        --auth-local=trust --auth-host=scram-sha-256
    rm /tmp/password
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl --wait --options="-c listen_addresses=" start
    createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
    pg_ctl --wait stop
fi
exec postgres -c "listen_addresses=*" -c unix_socket_directories=/run/postgresql
