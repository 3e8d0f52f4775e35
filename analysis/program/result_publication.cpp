#include "analysis/program/result_publication.hpp"

#include "analysis/report/result_error.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>

#include <ostream>

namespace venturi {

std::unique_ptr<ResultFolder> open_result_folder(const std::filesystem::path& path) {
    if (path == "-")
        throw InputError(
            "--output '-': a result is a folder, which can't be printed\n"
            "  legal here: a folder's name (./- for one of that name); --json prints the result");
    try {
        return std::make_unique<ResultFolder>(path);
    } catch (const ResultError& error) {
        throw InputError(error.what());
    }
}

ExitCode say_where(const Publication& publication, const Streams& streams) {
    if (publication.why_elsewhere.empty()) return ExitCode::success;
    streams.err << fmt::format("venturi: {}\nthe results were written to {} instead\n",
                               visible(publication.why_elsewhere), visible(publication.path.string()));
    return ExitCode::elsewhere;
}

}  // namespace venturi
