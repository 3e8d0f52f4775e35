#!/usr/bin/env bash
# yaml-cpp writes the text "true", "12" and "2024-05-01" without quotes, so that others read a truth value, a number and a date.
#
# One would guess: what went in as std::string comes out of any YAML reader as text: an emitter quotes what would be
#   taken for something else. It does so for "null" and "~".
# What happens: "true", "12", "1e3", "010", "No" and "2024-05-01" are written plain. PyYAML reads True, 12, 8, False
#   and a date, and the YAML 1.2 readers of npm true, 12, 1000 and 10. yaml-cpp itself, asked for a string, sees no
#   difference.
# Documentation: the emitter's page has DoubleQuoted to ask for quotes; it doesn't say that types get lost without.
# Why here: names of firms, versions ("1e3", "010") and codes ("No") in scenario files that a C++ program wrote.
# Seen with: libyaml-cpp0.7 0.7.0+dfsg-8+b1; read by python3-yaml 6.0-3+b2 and yaml 2.9.1 of npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . yaml@2.9.1 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root libyaml-cpp-dev=0.7.0+dfsg-8+b1 libyaml-cpp0.7=0.7.0+dfsg-8+b1 \
    python3-yaml=6.0-3+b2 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

cat > look.cpp <<'CPP'
#include <yaml-cpp/yaml.h>
#include <iostream>
#include <string>
int main() {
    YAML::Emitter names;
    names << YAML::BeginSeq;
    for (const char* name : {"null", "true", "12", "1e3", "010", "No", "2024-05-01"}) names << std::string(name);
    names << YAML::EndSeq;
    std::cout << names.c_str() << '\n';
}
CPP
cat > look.py <<'PY'
import yaml
print('PyYAML', yaml.safe_load(open('names.yaml')))
PY
cat > look.js <<'JS'
console.log('yaml', JSON.stringify(require('yaml').parse(require('fs').readFileSync('names.yaml', 'utf8'))));
JS
expected=$(cat <<'SEEN'
- "null" - true - 12 - 1e3 - 010 - No - 2024-05-01
PyYAML ['null', True, 12, '1e3', 8, False, datetime.date(2024, 5, 1)]
yaml ["null",true,12,1000,10,"No","2024-05-01"]
SEEN
)
seen=$(
    g++ -I root/usr/include look.cpp -L "$libraries" -lyaml-cpp -o look && ./look > names.yaml
    paste -s -d' ' names.yaml
    /usr/bin/python3 look.py
    node look.js
)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
