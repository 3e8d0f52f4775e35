#!/usr/bin/env bash
# An axis of a netCDF-4 file that has no coordinate is an array of zeros for programs that read the file as HDF5.
#
# One would guess: a dimension "run" of length 3 without a variable of its name isn't there for h5py and h5wasm, or is
#   refused.
# What happens: HDF5 has no dimensions, so netCDF-4 stores a placeholder of that name: both list "run" beside the data
#   and return 0, 0, 0 as 32-bit reals, as if each run had the number 0. Grouped or joined by it, all runs are one.
#   netCDF4 for Python has no such variable. Only the attribute NAME tells that it is none.
# Documentation: the netCDF-4 format's page describes it; h5py's and h5wasm's have no reason to.
# Why here: results of a simulation are netCDF-4, and the readers of HDF5 are the ones at hand in browsers and in
#   MATLAB.
# Seen with: written by python3-netcdf4 1.6.2-1+b1; read by python3-h5py-serial 3.7.0-8 and h5wasm 0.10.3.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefer-offline --no-audit --no-fund --ignore-scripts --prefix . h5wasm@0.10.3 > /dev/null \
    || { echo 'the packages cannot be installed' >&2; exit 2; }
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root python3-netcdf4=1.6.2-1+b1 python3-h5py=3.7.0-8 \
    python3-h5py-serial=3.7.0-8 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

cat > look.py <<'PY'
import h5py, netCDF4
with netCDF4.Dataset('runs.nc', 'w') as file:
    file.createDimension('run', 3)
    file.createVariable('cash', 'f8', ('run',))[:] = [1.5, 2.5, 3.5]
with netCDF4.Dataset('runs.nc') as file:
    print('netCDF4', list(file.variables))
with h5py.File('runs.nc') as file:
    print('h5py', {name: file[name][:].tolist() for name in file}, file['run'].attrs['NAME'].decode().split('.')[0])
PY
cat > look.mjs <<'JS'
import h5wasm from 'h5wasm/node';
await h5wasm.ready;
const file = new h5wasm.File('runs.nc', 'r');
for (const name of file.keys()) console.log('h5wasm', name, Array.from(file.get(name).value).join(' '));
JS
expected=$(cat <<'SEEN'
netCDF4 ['cash']
h5py {'cash': [1.5, 2.5, 3.5], 'run': [0.0, 0.0, 0.0]} This is a netCDF dimension but not a netCDF variable
h5wasm run 0 0 0
h5wasm cash 1.5 2.5 3.5
SEEN
)
seen=$(/usr/bin/python3 look.py; node look.mjs)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
