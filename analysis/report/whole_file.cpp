#include "analysis/report/whole_file.hpp"

#include "analysis/report/file_writer.hpp"
#include "analysis/report/result_error.hpp"

#include <string>
#include <system_error>
#include <unistd.h>

namespace venturi {

void write_whole_file(const std::filesystem::path& path, std::string_view bytes) {
    const std::filesystem::path folder =
        path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const std::filesystem::path partial =
        folder / ("." + path.filename().string() + ".partial-" + std::to_string(::getpid()));
    std::error_code ignored;
    try {
        FileWriter writer(partial, path.string());
        writer.append(bytes);
        writer.close();
        std::error_code error;
        std::filesystem::rename(partial, path, error);
        if (error) throw ResultError(path.string() + ": " + error.message());
        synchronize_folder(folder);
    } catch (...) {
        std::filesystem::remove(partial, ignored);
        throw;
    }
}

}  // namespace venturi
