#include "analysis/program/result_publication.hpp"

#include "analysis/report/result_error.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>

#include <ostream>

namespace venturi {

std::filesystem::path usual_folder(const std::string& scenario, std::string_view suffix) {
    return std::filesystem::path("results")
           / (std::filesystem::path(scenario).stem().string() + std::string(suffix));
}

std::string meaning_of_output(std::string_view usual) {
    return fmt::format(
        "results directory, in which an earlier result is replaced (default: {}, or {}-2 and so on where "
        "that "
        "holds a result of other settings)",
        usual, usual);
}

std::unique_ptr<ResultFolder> open_result_folder(const std::string& named,
                                                 const std::filesystem::path& usual) {
    if (named == "-")
        throw InputError(
            "--output '-': a result is a folder, which can't be printed\n"
            "  legal here: a folder's name (./- for one of that name); --json prints the result");
    try {
        if (named.empty()) return std::make_unique<ResultFolder>(usual, EarlierResult::kept);
        return std::make_unique<ResultFolder>(named);
    } catch (const ResultError& error) {
        throw InputError(error.what());
    }
}

ExitCode say_where(const Publication& publication, const Streams& streams) {
    if (!publication.why_numbered.empty() && publication.why_elsewhere.empty())
        streams.err << fmt::format("note: {}; the results are in {}\n", visible(publication.why_numbered),
                                   visible(publication.path.filename().string()));
    if (publication.why_elsewhere.empty()) return ExitCode::success;
    streams.err << fmt::format("venturi: {}\nthe results were written to {} instead\n",
                               visible(publication.why_elsewhere), visible(publication.path.string()));
    return ExitCode::elsewhere;
}

}  // namespace venturi
