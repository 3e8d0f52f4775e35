#!/usr/bin/env bash
# Eigen takes and gives back a matrix's memory in another way where the address sanitizer is on, so objects compiled with and
# without it can't hand each other a matrix.
#
# One would guess: GCC's address sanitizer may be on in some files of a program and off in others, which is how what takes long to
#   compile is left out; a matrix is three numbers and a pointer either way, and no macro of Eigen's was set.
# What happens: Eigen looks for __SANITIZE_ADDRESS__. Without it malloc's block is the matrix's; with it the matrix begins
#   inside the block, behind a word that says where the block begins. A matrix that is made in a file of one kind and goes out of scope in
#   one of the other is given back by an address that was never taken.
# Documentation: Eigen's page on preprocessor directives says that EIGEN_MALLOC_ALREADY_ALIGNED, where it is not set, is deduced from tokens of
#   compiler and system; that a sanitizer is among them it does not say.
# Why here: linear systems are most of what there is to compile under sanitizers, and not to check them is the first thing
#   to try.
# Seen with: libeigen3-dev 3.4.0-4, g++ 4:12.2.0-3.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root libeigen3-dev=3.4.0-4 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done

cat > look.cpp <<'CPP'
#include <Eigen/Core>
#include <cstdio>
int main() {
    const Eigen::MatrixXd matrix = Eigen::MatrixXd::Ones(3, 3);
    std::printf("sum %g, malloc's own block: %s\n", matrix.sum(), EIGEN_MALLOC_ALREADY_ALIGNED ? "yes" : "no");
}
CPP
look() {
    g++ -std=c++17 -O1 -isystem root/usr/include/eigen3 "$@" look.cpp -o look
    ./look
}
expected=$(cat <<'SEEN'
plain: sum 9, malloc's own block: yes
-fsanitize=address: sum 9, malloc's own block: no
SEEN
)
seen="plain: $(look)
-fsanitize=address: $(look -fsanitize=address)"
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
