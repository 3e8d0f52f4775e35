#!/usr/bin/env bash
# GCC inlines and optimises a file as its precompiled header was told to, not as the file's own command says.
#
# One would guess: a header precompiled with -O2 is either refused for a file compiled with -Og, with the warning of -Winvalid-pch, or
#   used, and then the file is compiled with -Og, where the members of std::vector stay functions that a debugger can stop in.
# What happens: it is taken without a word, and of seven functions one is left, as with -O2.
# Documentation: GCC's page on precompiled headers says that some options must be the same and names those that may
#   differ; levels of optimisation are in neither list.
# Why here: what reads and writes files is compiled with -Og, for the time it takes to compile, and shared the engine's header.
# Seen with: g++-12 12.2.0-14+deb12u1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
[[ $(dpkg-query --show --showformat='${Version}' g++-12) == 12.2.0-14+deb12u1 ]] || {
    apt-get -qq -y install --no-install-recommends g++-12=12.2.0-14+deb12u1 > /dev/null \
        || { echo 'the package cannot be installed' >&2; exit 2; }
}

printf '#include <vector>\n' > header.hpp
cat > add.cpp <<'CPP'
#include <vector>
void add(std::vector<int>& numbers, int count) {
    for (int i = 0; i < count; ++i) numbers.push_back(2 * i);
}
CPP
functions() {
    g++-12 -std=c++20 -Winvalid-pch -Werror -include header.hpp "$@" -c add.cpp -o add.o
    nm --defined-only add.o | grep -ci ' [tw] '
}
expected=$(cat <<'SEEN'
no precompiled header, -Og: 7 functions
no precompiled header, -O2: 1 functions
header precompiled with -O2, file with -Og: 1 functions
SEEN
)
look() {
    for level in -Og -O2; do
        printf 'no precompiled header, %s: %s functions\n' "$level" "$(functions "$level")"
    done
    g++-12 -std=c++20 -O2 header.hpp
    printf 'header precompiled with -O2, file with -Og: %s functions\n' "$(functions -Og)"
}
seen=$(look)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
