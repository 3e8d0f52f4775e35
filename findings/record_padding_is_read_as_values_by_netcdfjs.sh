#!/usr/bin/env bash
# netcdfjs returns the padding between records as values, and bytes without their sign.
#
# One would guess: a byte variable of 2 records of 5 values comes out as two rows of five, -1 as -1: a byte of netCDF
#   has a sign.
# What happens: classic netCDF pads each record of a variable to a multiple of four bytes. netcdfjs counts the padding
#   as data: two rows of eight. And -1 comes out as 255. netCDF4 for Python reads what was written from the same file.
# Documentation: the format's specification describes both; netcdfjs's page says that it reads version 3 files.
# Why here: flags (alive, funded) by month are written as bytes along an unlimited axis, and browsers show them with
#   this library.
# Seen with: netcdfjs 4.0.0; written and read by python3-netcdf4 1.6.2-1+b1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . netcdfjs@4.0.0 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root python3-netcdf4=1.6.2-1+b1 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

cat > write.py <<'PY'
import netCDF4
with netCDF4.Dataset('flags.nc', 'w', format='NETCDF3_CLASSIC') as file:
    file.createDimension('month', None)
    file.createDimension('firm', 5)
    alive = file.createVariable('alive', 'i1', ('month', 'firm'))
    cash = file.createVariable('cash', 'f8', ('month',))
    alive[0] = [1, 2, 3, 4, 5]
    alive[1] = [6, 7, 8, 9, -1]
    cash[:] = [0.5, 1.5]
with netCDF4.Dataset('flags.nc') as file:
    print('netCDF4 ', file['alive'][:].tolist())
PY
cat > look.mjs <<'JS'
import { readFileSync } from 'fs';
import { NetCDFReader } from 'netcdfjs';
const rows = new NetCDFReader(readFileSync('flags.nc')).getDataVariable('alive');
console.log('netcdfjs, rows of', rows.map(row => row.length).join(' and '), 'beginning with',
            rows.map(row => row.slice(0, 5).join(' ')).join(' and '));
JS
expected=$(cat <<'SEEN'
netCDF4  [[1, 2, 3, 4, 5], [6, 7, 8, 9, -1]]
netcdfjs, rows of 8 and 8 beginning with 1 2 3 4 5 and 6 7 8 9 255
SEEN
)
seen=$(/usr/bin/python3 write.py; node look.mjs)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
