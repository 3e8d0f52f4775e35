// A netCDF file as its own library reads it.
#pragma once

#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <netcdf.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace venturi {

/// A file of `bytes` on the disk, opened by the netCDF library. What is not in it fails the test.
class NetcdfFile {
  public:
    explicit NetcdfFile(const std::string& bytes) {
        put_file(path(), bytes);
        REQUIRE(nc_open(path().c_str(), NC_NOWRITE, &id_) == NC_NOERR);
    }
    ~NetcdfFile() { nc_close(id_); }
    NetcdfFile(const NetcdfFile&) = delete;
    NetcdfFile& operator=(const NetcdfFile&) = delete;
    NetcdfFile(NetcdfFile&&) = delete;
    NetcdfFile& operator=(NetcdfFile&&) = delete;

    [[nodiscard]] std::filesystem::path path() const { return scratch_.path() / "ensemble.nc"; }
    [[nodiscard]] int id() const { return id_; }
    [[nodiscard]] int variable(const char* name) const {
        int id = -1;
        INFO(name);
        REQUIRE(nc_inq_varid(id_, name, &id) == NC_NOERR);
        return id;
    }
    /// An attribute of a variable, or of NC_GLOBAL; empty where there is none.
    [[nodiscard]] std::string text(int variable, const char* name) const {
        std::size_t length = 0;
        if (nc_inq_attlen(id_, variable, name, &length) != NC_NOERR) return {};
        std::string value(length, ' ');
        REQUIRE(nc_get_att_text(id_, variable, name, value.data()) == NC_NOERR);
        return value;
    }
    [[nodiscard]] std::size_t axis_size(const char* name) const {
        int id = -1;
        std::size_t size = 0;
        INFO(name);
        REQUIRE(nc_inq_dimid(id_, name, &id) == NC_NOERR);
        REQUIRE(nc_inq_dimlen(id_, id, &size) == NC_NOERR);
        return size;
    }
    /// The axes of a variable, the last one varying fastest.
    [[nodiscard]] std::vector<std::string> axes(const char* name) const {
        int count = 0;
        REQUIRE(nc_inq_varndims(id_, variable(name), &count) == NC_NOERR);
        std::vector<int> ids(static_cast<std::size_t>(count));
        REQUIRE(nc_inq_vardimid(id_, variable(name), ids.data()) == NC_NOERR);
        std::vector<std::string> names;
        for (const int id : ids) {
            std::string axis(NC_MAX_NAME + 1, '\0');
            REQUIRE(nc_inq_dimname(id_, id, axis.data()) == NC_NOERR);
            names.emplace_back(axis.c_str());
        }
        return names;
    }
    /// All values of a variable of numbers.
    [[nodiscard]] std::vector<double> numbers(const char* name) const {
        std::vector<double> values(count_of(name));
        REQUIRE(nc_get_var_double(id_, variable(name), values.data()) == NC_NOERR);
        return values;
    }
    /// All values of a variable of labels.
    [[nodiscard]] std::vector<std::string> labels(const char* name) const {
        std::vector<char*> read(count_of(name));
        REQUIRE(nc_get_var_string(id_, variable(name), read.data()) == NC_NOERR);
        std::vector<std::string> values(read.begin(), read.end());
        nc_free_string(read.size(), read.data());
        return values;
    }

  private:
    [[nodiscard]] std::size_t count_of(const char* name) const {
        std::size_t count = 1;
        for (const std::string& axis : axes(name)) count *= axis_size(axis.c_str());
        return count;
    }

    ScratchFolder scratch_;
    int id_ = -1;
};

}  // namespace venturi
