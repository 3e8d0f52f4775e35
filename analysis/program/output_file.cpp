#include "analysis/program/output_file.hpp"

#include "analysis/program/command_line.hpp"
#include "analysis/program/standard_streams.hpp"
#include "analysis/report/result_error.hpp"
#include "analysis/report/whole_file.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

Existing existing_for(bool overwrite) {
    return overwrite ? Existing::replaced : Existing::refused;
}

}  // namespace

OutputFile::OutputFile(std::string option, std::string path, bool overwrite)
    : option_(std::move(option)), path_(std::move(path)), overwrite_(overwrite) {
    if (!is_asked_for() || is_standard_output()) return;
    try {
        check_whole_file(path_, existing_for(overwrite_));
    } catch (const ResultError& error) {
        std::error_code ignored;
        const bool is_there = !overwrite_ && std::filesystem::is_regular_file(path_, ignored);
        throw InputError(fmt::format("{} '{}': {}{}", option_, path_, error.what(),
                                     is_there ? "\n  legal here: another name, or --overwrite" : ""));
    }
}

ExitCode OutputFile::write(std::string_view bytes, const Streams& streams, ExitCode code) const {
    if (!is_asked_for()) return code;
    if (is_standard_output()) {
        // A file's bytes stay what they are; a person reads them as any other text.
        set_content(streams.out, ::isatty(STDOUT_FILENO) == 1 ? Content::text : Content::data);
        streams.out << bytes;
        return code;
    }
    streams.out.flush();  // before bytes that go to the same place by another way
    const Publication publication = publish_whole_file(path_, bytes, existing_for(overwrite_));
    if (publication.why_elsewhere.empty()) return code;
    streams.err << fmt::format("venturi: {}\nit was written to {} instead\n",
                               visible(publication.why_elsewhere), visible(publication.path.string()));
    return code == ExitCode::success ? ExitCode::elsewhere : code;
}

void add_overwrite_option(const Command& command, bool& overwrite) {
    command.flag("--overwrite", overwrite, "replace files that are there already");
}

}  // namespace venturi
