#!/usr/bin/env bash
# SOCI reads 3000000000 from an INTEGER column of SQLite as -1294967296.
#
# One would guess: SQLite's integers have 64 bits whatever the column is called, so a row's value of 3000000000
#   arrives, or the call fails as it doesn't fit.
# What happens: a row read without given types takes the declared name: INTEGER means a 32-bit int, and the value is
#   cut, without an error; so does reading into an int. Declared BIGINT, the same value arrives. The type that a row
#   reports for INTEGER leaves no other call: asking it for a long long is refused.
# Documentation: SOCI's page for SQLite has a table in which integer is dt_integer, int; it doesn't say that values
#   are cut.
# Why here: cash, valuations and event counts in a result table pass 2147483647.
# Seen with: libsoci-core4.0, libsoci-sqlite3-4.0 and libsoci-dev 4.0.3-1, the compiler of the machine.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root libsoci-dev=4.0.3-1 libsoci-core4.0=4.0.3-1 \
    libsoci-sqlite3-4.0=4.0.3-1 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done

libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH=$libraries
cat > look.cpp <<'CPP'
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <iostream>
#include <typeinfo>
int main() {
    soci::session session(soci::sqlite3, ":memory:");
    session << "create table firm (cash integer, debt bigint)";
    session << "insert into firm values (3000000000, 3000000000)";
    soci::row row;
    session << "select cash, debt from firm", soci::into(row);
    std::cout << "declared integer: " << row.get<int>("cash") << ", declared bigint: " << row.get<long long>("debt") << '\n';
    try {
        std::cout << row.get<long long>("cash") << '\n';
    } catch (const std::bad_cast&) {
        std::cout << "declared integer, asked for a long long: refused" << '\n';
    }
    long long cash = 0;
    session << "select cash from firm", soci::into(cash);
    std::cout << "declared integer, into a long long: " << cash << '\n';
}
CPP
expected=$(cat <<'SEEN'
declared integer: -1294967296, declared bigint: 3000000000
declared integer, asked for a long long: refused
declared integer, into a long long: 3000000000
SEEN
)
seen=$(g++ -I root/usr/include look.cpp -L "$libraries" -lsoci_core -lsoci_sqlite3 -o look && ./look)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
