#!/bin/sh
# usage: with-engine.sh COMMAND...   runs it beside a docker engine from Debian's packages; as root, on Debian 12.
#
# Makes the base image with debootstrap, and images that stand in for PostgreSQL's and Redis' official ones.
set -eu
here=$(dirname "$0")
apt-get -qq update
apt-get -qq install --no-install-recommends docker.io docker-compose debootstrap iptables tini > /dev/null
if ! docker info > /dev/null 2>&1; then
    dockerd > /var/log/dockerd.log 2>&1 &
    engine=$!
    trap 'kill $engine; wait $engine' EXIT
    for _ in $(seq 60); do docker info > /dev/null 2>&1 && break || sleep 1; done
fi
export DOCKER_BUILDKIT=0
if ! docker image inspect followthrough-soak-base > /dev/null 2>&1; then
    root=$(mktemp -d)
    debootstrap --variant=minbase --include=ca-certificates,python3.11,python3-venv bookworm "$root" > /dev/null
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    tar --directory "$root" --create . | docker import - followthrough-soak-base > /dev/null
    rm -rf "$root"
fi
for service in postgres redis; do
    docker build --quiet --build-arg BASE_IMAGE=followthrough-soak-base --target "$service" \
        --tag "followthrough-soak-$service" "$here" > /dev/null
done
"$@"
