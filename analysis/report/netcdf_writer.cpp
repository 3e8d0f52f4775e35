#include "analysis/report/netcdf_writer.hpp"

#include "analysis/report/result_error.hpp"

#include <fmt/format.h>
#include <netcdf.h>
#include <netcdf_mem.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <string_view>
#include <type_traits>

namespace venturi {

namespace {

constexpr std::size_t compressed_from = std::size_t{1} << 11;  // values, of eight bytes each
constexpr int deflate_level = 4;

void require_success(int status, std::string_view subject) {
    if (status != NC_NOERR)
        throw ResultError(fmt::format("netCDF cannot hold {}: {}", subject, nc_strerror(status)));
}

/// A netCDF file that lives in memory until its bytes are taken.
class FileInMemory {
  public:
    FileInMemory() {
        // The name is only a label; nothing is created on the disk.
        constexpr std::size_t first_guess = std::size_t{1} << 16;
        require_success(nc_create_mem("dataset.nc", NC_NETCDF4, first_guess, &id_), "a dataset");
    }
    ~FileInMemory() {
        if (open_) nc_abort(id_);
    }
    FileInMemory(const FileInMemory&) = delete;
    FileInMemory& operator=(const FileInMemory&) = delete;
    FileInMemory(FileInMemory&&) = delete;
    FileInMemory& operator=(FileInMemory&&) = delete;

    [[nodiscard]] int id() const { return id_; }

    [[nodiscard]] std::string close() {
        NC_memio image{};
        open_ = false;
        require_success(nc_close_memio(id_, &image), "a dataset");
        const std::unique_ptr<void, decltype(&std::free)> owner(image.memory, &std::free);
        return {static_cast<const char*>(image.memory), image.size};
    }

  private:
    int id_ = -1;
    bool open_ = true;
};

struct TypeOf {
    nc_type operator()(const std::vector<double>&) const { return NC_DOUBLE; }
    nc_type operator()(const std::vector<std::int64_t>&) const { return NC_INT64; }
    nc_type operator()(const std::vector<std::string>&) const { return NC_STRING; }
};

struct PutAttribute {
    int file;
    int variable;
    const char* name;

    int operator()(const std::string& text) const {
        return nc_put_att_text(file, variable, name, text.size(), text.data());
    }
    int operator()(double number) const {
        return nc_put_att_double(file, variable, name, NC_DOUBLE, 1, &number);
    }
    int operator()(std::int64_t number) const {
        static_assert(sizeof(long long) == sizeof number);
        const long long whole = number;
        return nc_put_att_longlong(file, variable, name, NC_INT64, 1, &whole);
    }
};

void put_attribute(int file, int variable, const Attribute& attribute) {
    require_success(std::visit(PutAttribute{file, variable, attribute.name.c_str()}, attribute.value),
                    fmt::format("the attribute '{}'", attribute.name));
}

void put_text(int file, int variable, const char* name, const std::string& text) {
    if (!text.empty()) put_attribute(file, variable, {name, text});
}

struct PutValues {
    int file;
    int variable;

    int operator()(const std::vector<double>& values) const {
        return nc_put_var_double(file, variable, values.data());
    }
    int operator()(const std::vector<std::int64_t>& values) const {
        static_assert(sizeof(long long) == sizeof(std::int64_t));
        return nc_put_var(file, variable, values.data());
    }
    int operator()(const std::vector<std::string>& values) const {
        std::vector<const char*> texts;
        texts.reserve(values.size());
        for (const std::string& value : values) texts.push_back(value.c_str());
        return nc_put_var_string(file, variable, texts.data());
    }
};

int define_fill(int file, int variable, nc_type type, bool coordinate) {
    if (type != NC_DOUBLE || coordinate)
        return type == NC_STRING ? NC_NOERR : nc_def_var_fill(file, variable, NC_NOFILL, nullptr);
    const double missing = std::numeric_limits<double>::quiet_NaN();
    return nc_def_var_fill(file, variable, NC_FILL, &missing);
}

bool is_coordinate(const Variable& variable) {
    return variable.axes.size() == 1 && variable.axes.front() == variable.name;
}

int define(int file, const Variable& variable, const std::map<std::string, int>& axis_ids) {
    std::vector<int> axes;
    for (const std::string& axis : variable.axes) axes.push_back(axis_ids.at(axis));
    const nc_type type = std::visit(TypeOf{}, variable.values);
    const std::size_t count = std::visit([](const auto& values) { return values.size(); }, variable.values);
    const std::string subject = fmt::format("the variable '{}'", variable.name);
    int id = -1;
    require_success(
        nc_def_var(file, variable.name.c_str(), type, static_cast<int>(axes.size()), axes.data(), &id),
        subject);
    require_success(define_fill(file, id, type, is_coordinate(variable)), subject);
    if (type != NC_STRING && !axes.empty() && count >= compressed_from)
        require_success(nc_def_var_deflate(file, id, NC_SHUFFLE, 1, deflate_level), subject);
    put_text(file, id, "units", variable.unit);
    put_text(file, id, "long_name", variable.long_name);
    for (const Attribute& attribute : variable.attributes) put_attribute(file, id, attribute);
    return id;
}

std::map<std::string, int> define_axes(int file, const std::vector<Axis>& axes) {
    std::map<std::string, int> ids;
    for (const Axis& axis : axes) {
        const std::size_t size = axis.size == 0 ? NC_UNLIMITED : axis.size;
        require_success(nc_def_dim(file, axis.name.c_str(), size, &ids[axis.name]),
                        fmt::format("the axis '{}'", axis.name));
    }
    return ids;
}

void put_values(int file, int id, const Variable& variable) {
    if (std::visit([](const auto& values) { return values.empty(); }, variable.values)) return;
    require_success(std::visit(PutValues{file, id}, variable.values),
                    fmt::format("the variable '{}'", variable.name));
}

}  // namespace

std::string netcdf_bytes(const Dataset& dataset) {
    check(dataset);
    FileInMemory file;
    put_text(file.id(), NC_GLOBAL, "Conventions", "CF-1.10");
    for (const Attribute& attribute : dataset.attributes) put_attribute(file.id(), NC_GLOBAL, attribute);
    const std::map<std::string, int> axes = define_axes(file.id(), dataset.axes);
    std::vector<int> variables;
    for (const Variable& variable : dataset.variables) variables.push_back(define(file.id(), variable, axes));
    require_success(nc_enddef(file.id()), "a dataset");
    for (std::size_t i = 0; i < variables.size(); ++i)
        put_values(file.id(), variables[i], dataset.variables[i]);
    return file.close();
}

}  // namespace venturi
