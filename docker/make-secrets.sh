#!/bin/sh
# Run once by compose.yaml before anything else: makes the secrets that are not there yet, and never changes one.
# Several users read them (PostgreSQL, Redis, Grafana and the broker each have their own), so they are readable
# within the volume; the volume itself is root's alone on the host, and only those four mount it.
set -eu
cd "${1:-/run/alarm-broker}"
umask 022

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# write NAME CONTENT: all at once or not at all, so that a start that was cut off leaves no half secret.
write() {
  printf '%s\n' "$2" > ".$1.new"
  mv ".$1.new" "$1"
}

[ -s database-password ] || write database-password "$(random)"
[ -s redis-password ] || write redis-password "$(random)"
[ -s grafana-password ] || write grafana-password "$(random)"
[ -s admin-key ] || write admin-key "$(random)"
[ -s database-url ] || write database-url "postgresql://alarm:$(cat database-password)@db:5432/alarm"
[ -s redis-url ] || write redis-url "redis://:$(cat redis-password)@redis:6379"
[ -s redis.conf ] || write redis.conf "requirepass $(cat redis-password)"

echo 'The secrets are there. The admin key: docker compose exec api cat /run/alarm-broker/admin-key'
