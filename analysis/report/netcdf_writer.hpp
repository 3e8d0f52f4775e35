// A dataset as a netCDF-4 file, with the attributes that the CF conventions ask for.
#pragma once

#include "analysis/report/dataset.hpp"

#include <string>

namespace venturi {

/// The bytes of a netCDF-4 file that holds `dataset`. The same dataset gives the same bytes.
///
/// Doubles become `double` with a `_FillValue` of NaN (coordinates have none, as CF demands), whole numbers
/// `int64`, labels `string`. `units` and `long_name` come from each variable, `Conventions` is CF-1.10.
/// Arrays of 16 KiB and more are compressed (deflate, level 4, shuffled) without loss. An axis of size 0
/// becomes an unlimited one of length 0. Takes memory for about three times the dataset. The netCDF library
/// serves one thread at a time. Throws ContractViolation as `check` does, ResultError where the library
/// fails.
[[nodiscard]] std::string netcdf_bytes(const Dataset& dataset);

}  // namespace venturi
