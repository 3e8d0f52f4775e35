#!/usr/bin/env bash
# xarray turns a variable in seconds or days into time spans, and long ones into other numbers, even negative ones.
#
# One would guess: a variable with the attribute units="days" and the values 0.5 and 120000 is read as these, in
#   double precision.
# What happens: units of days, hours, minutes or seconds are decoded into 64-bit nanoseconds. 120000 days (or 1e11
#   seconds of computing) don't fit, and wrap: 120000 days become -93503.98. What is shorter than a nanosecond is 0.
#   No error, no warning. units="months" is left alone.
# Documentation: decode_timedelta=False turns it off; the page of open_dataset names the option, not the wrapping.
# Why here: computing time of a training run is in seconds and passes 292 years easily when added over machines.
# Seen with: python3-xarray 2023.01.0-1.1, python3-netcdf4 1.6.2-1+b1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
apt-get -qq -y install --reinstall --download-only --no-install-recommends -o Dir::Cache::archives="$work/debs" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root python3-xarray=2023.01.0-1.1 python3-netcdf4=1.6.2-1+b1 > /dev/null \
    || { echo 'the packages cannot be downloaded' >&2; exit 2; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
libraries=$(echo "$work"/root/usr/lib/*-linux-gnu)
export PYTHONPATH=$work/root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$libraries:$libraries/blas:$libraries/lapack:$libraries/hdf5/serial

cat > look.py <<'PY'
import netCDF4, numpy, warnings, xarray
warnings.simplefilter('error')
with netCDF4.Dataset('runs.nc', 'w') as file:
    file.createDimension('run', 3)
    for name, units, values in (('wait', 'days', [0.5, 1e-15, 120000]), ('machine_time', 'seconds', [3600, 1e9, 1e11])):
        variable = file.createVariable(name, 'f8', ('run',))
        variable.units = units
        variable[:] = values
read = xarray.open_dataset('runs.nc')
print('wait, days', (read['wait'].values / numpy.timedelta64(1, 'D')).round(2).tolist())
print('machine_time, seconds', (read['machine_time'].values / numpy.timedelta64(1, 's')).round(2).tolist())
read = xarray.open_dataset('runs.nc', decode_timedelta=False)
print('not decoded', read['wait'].values.tolist(), read['machine_time'].values.tolist())
PY
expected=$(cat <<'SEEN'
wait, days [0.5, 0.0, -93503.98]
machine_time, seconds [3600.0, 1000000000.0, 7766279631.45]
not decoded [0.5, 1e-15, 120000.0] [3600.0, 1000000000.0, 100000000000.0]
SEEN
)
seen=$(/usr/bin/python3 look.py)
printf '%s\n' "$seen"
[[ $seen == "$expected" ]] || { printf 'this has changed; it was\n%s\n' "$expected"; exit 1; }
