#!/bin/sh
# usage: with-mysql.sh COMMAND...   runs it with a MySQL at hand for the tests of mirrors; as root, on Debian 12.
#
# Debian 12 has MariaDB alone. MySQL comes from unstable, with its own libraries, into a folder beside the system;
# nothing is installed. Where unstable cannot give it, the command runs without and its tests are skipped.
set -eu
root=/opt/followthrough-mysql
MYSQL_SERVER=$root/mysqld

fetch() (
    set -eu
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work/lists/partial" "$work/archives/partial" "$root"
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1)
    echo "deb [signed-by=$key] $mirror sid main" > "$work/sources.list"
    apt() {
        apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
            -o Dir::State::Lists="$work/lists" -o Dir::State::Status=/dev/null -o Dir::Cache="$work" \
            -o Acquire::Languages=none -o APT::Sandbox::User=root "$@"
    }
    apt update
    apt install --yes --no-install-recommends --download-only mysql-server-core > /dev/null
    for package in "$work"/archives/*.deb; do dpkg-deb --extract "$package" "$root"; done
    libraries=$(echo "$root"/usr/lib/*-linux-gnu)
    cat > "$MYSQL_SERVER" <<END
#!/bin/sh
exec $(echo "$libraries"/ld-linux-*.so.*) --library-path "$libraries" "$root/usr/sbin/mysqld" "\$@" \\
    --basedir="$root/usr" --secure-file-priv=NULL --mysqlx=OFF --skip-log-bin
END
    chmod 755 "$MYSQL_SERVER"
)

works() { "$MYSQL_SERVER" --version > /dev/null 2>&1; }

works || fetch || true
if works; then
    export MYSQL_SERVER
else
    echo "no MySQL from Debian unstable: the tests against it are skipped" >&2
fi
exec "$@"
